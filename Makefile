# One deployment for every school of a district. `make help` lists what can be done here.
.POSIX:
.PHONY: help run test check bench trace clean venv-run venv-dev

PY = .venv/bin/python
MANAGE = DJANGO_SETTINGS_MODULE=config.settings.test $(PY) -W ignore::RuntimeWarning platform/manage.py
SCHEMA = api/rest/v1/schema.yaml

help:
	@echo "make run     поднять округ на этом компьютере (PORT, HOST, DATABASE_URL, DATABASE_ADMIN_URL, BROKER_URL, OKRUG_TODAY)"
	@echo "make test    все тесты: PostgreSQL 18, браузер и, где возможно, PostgreSQL 15"
	@echo "make check   формат, линтер, типы, стены между модулями, миграции, шаблоны, схема API, прослеживаемость"
	@echo "make bench   замеры скорости (DISTRICT=1: округ из 40 школ; ISOLATION=1: миллион чередующихся транзакций)"
	@echo "make trace   какое требование где показано"
	@echo "make clean   удалить базу, журналы и окружение (.local, .venv)"

run: venv-run
	@exec $(PY) -m infra.local.run

test: venv-dev
	$(PY) -m infra.local.prerequisites chromium
	$(PY) -m infra.local.prerequisites postgresql15
	$(PY) -m pytest -q -n 2 --dist loadfile -m "not browser"
	$(PY) -m pytest -q -m browser
	@if [ -x /usr/lib/postgresql/15/bin/postgres ]; then \
		echo "PostgreSQL 15:"; \
		OKRUG_TEST_PG=15 $(PY) -m pytest -q -m postgresql15; \
	else \
		echo "PostgreSQL 15: не проверялось."; \
	fi

check: venv-dev
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

bench: venv-dev
	DISTRICT="$(DISTRICT)" ISOLATION="$(ISOLATION)" $(PY) -m tests.performance.bench

trace: venv-dev
	@$(PY) -m tests.support.trace

clean:
	@if [ -x $(PY) ]; then $(PY) -m infra.local.clean; fi
	rm -rf .local .venv

venv-run:
	@sh infra/local/venv.sh run

venv-dev:
	@sh infra/local/venv.sh dev
