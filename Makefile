# One deployment for every school of a district. `make help` lists what can be done here.
.POSIX:
.PHONY: help bundle run test check charts bench trace clean venv-run venv-dev venv-infra

PY = .venv/bin/python
ALONE = $(PY) -m infra.local.alone
MANAGE = DJANGO_SETTINGS_MODULE=config.settings.test $(PY) -W ignore::RuntimeWarning platform/manage.py
SCHEMA = api/rest/v1/schema.yaml

help:
	@echo "make run     поднять округ на этом компьютере (PORT, HOST, DATABASE_URL, DATABASE_ADMIN_URL, BROKER_URL, OKRUG_TODAY)"
	@echo "make test    все тесты без сети: PostgreSQL 18, браузер и, где возможно, Firefox и PostgreSQL 15"
	@echo "make check   формат, линтер, типы, стены между модулями, миграции, шаблоны, схема API, прослеживаемость"
	@echo "make charts  диаграмма Helm и compose: сборка, схемы Kubernetes, наши правила"
	@echo "make bundle  комплект для установки без сети: .local/bundle/okrug-<версия>.tar"
	@echo "make bench   замеры скорости (DISTRICT=1: округ из 40 школ; ISOLATION=1: миллион чередующихся транзакций; MIGRATE=400: обновление стольких школ)"
	@echo "make drill   учения: вернуть школу к моменту и округ в пустую папку под нагрузкой (SECONDS_OF_WORK; DISTRICT=1: округ из 40 школ)"
	@echo "make faults  kill -9, стёртая очередь, обрыв при COMMIT под нагрузкой (KILLS=500 — длинная форма)"
	@echo "make trace   какое требование где показано"
	@echo "make clean   удалить базу, журналы и окружение (.local, .venv)"

run: venv-run
	@exec $(PY) -m infra.local.run

test: venv-dev venv-infra
	$(PY) -m infra.local.prerequisites chromium
	$(PY) -m infra.local.prerequisites firefox
	$(PY) -m infra.local.prerequisites postgresql15
	$(PY) -m infra.local.prerequisites squid
	$(PY) -m infra.ctl.packing --only-wheels
	$(ALONE) $(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not browser and not drill and not only15"
	$(ALONE) $(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m browser
	$(ALONE) $(PY) -m pytest -q -m drill
	@if [ -x /usr/lib/postgresql/15/bin/postgres ]; then \
		echo "PostgreSQL 15:"; \
		OKRUG_TEST_PG=15 $(ALONE) $(PY) -m pytest -q -m "postgresql15 or only15"; \
	else \
		echo "PostgreSQL 15: не проверялось."; \
	fi

check: venv-dev charts
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check
	DJANGO_SETTINGS_MODULE=config.settings.test $(PY) -m infra.checks.templates
	@mkdir -p .local
	$(MANAGE) spectacular --validate --fail-on-warn --file .local/schema.yaml
	diff -u $(SCHEMA) .local/schema.yaml
	$(PY) -m tests.support.trace --check

charts: venv-infra
	.venv-infra/bin/python -m infra.checks.charts

bundle: venv-dev
	@$(PY) -m infra.ctl.packing

bench: venv-dev
	DISTRICT="$(DISTRICT)" ISOLATION="$(ISOLATION)" MIGRATE="$(MIGRATE)" $(PY) -m tests.performance.bench

drill: venv-dev
	SECONDS_OF_WORK="$(SECONDS_OF_WORK)" DISTRICT="$(DISTRICT)" $(PY) -W ignore::RuntimeWarning -m tests.drills.drill

faults: venv-dev
	KILLS="$(KILLS)" $(PY) -W ignore::RuntimeWarning -m tests.drills.faults

trace: venv-dev
	@$(PY) -m tests.support.trace

clean:
	@if [ -x $(PY) ]; then $(PY) -m infra.local.clean; fi
	rm -rf .local .venv .venv-infra

venv-run:
	@sh infra/local/venv.sh run

venv-dev:
	@sh infra/local/venv.sh dev

venv-infra:
	@sh infra/local/venv.sh infra
