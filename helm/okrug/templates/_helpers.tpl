{{- define "okrug.name" -}}
{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "okrug.labels" -}}
app.kubernetes.io/name: okrug
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "okrug.selector" -}}
app.kubernetes.io/name: okrug
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- /* An image by its digest: a tag may be moved, a digest may not. */}}
{{- define "okrug.image" -}}
{{- $digest := required (printf "%s: впишите digest (sha256:…)" .what) .image.digest -}}
{{- if not (regexMatch "^sha256:[0-9a-f]{64}$" $digest) }}{{ fail (printf "%s: digest имеет вид sha256:… и 64 знака" .what) }}{{ end -}}
{{ .image.repository }}@{{ $digest }}
{{- end }}

{{- /* `required` takes an empty list for an answer. */}}
{{- define "okrug.regions" -}}
{{ if not .Values.regions }}{{ fail "regions: назовите регионы, где разрешено работать" }}{{ end }}{{ .Values.regions | toJson }}
{{- end }}

{{- define "okrug.hosts" -}}
{{ if not .Values.allowedHosts }}{{ fail "allowedHosts: назовите имена портала" }}{{ end }}{{ join "," .Values.allowedHosts }}
{{- end }}

{{- /* Only nodes of the listed regions, spread over machines; nobody gets a token of the cluster. */}}
{{- define "okrug.pod" -}}
serviceAccountName: {{ include "okrug.name" .root }}{{ .account | default "" }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user | default 10001 }}
  runAsGroup: {{ .user | default 10001 }}
  fsGroup: {{ .user | default 10001 }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
affinity:
  nodeAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      nodeSelectorTerms:
        - matchExpressions:
            - key: topology.kubernetes.io/region
              operator: In
              values: {{ include "okrug.regions" .root }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{ include "okrug.selector" . | nindent 8 }}
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{ include "okrug.selector" . | nindent 8 }}
{{- end }}

{{- define "okrug.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities: {drop: [ALL]}
{{- end }}

{{- define "okrug.product" -}}
image: {{ include "okrug.image" (dict "image" .root.Values.image "what" "image") }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
{{ include "okrug.container" . }}
envFrom:
  - configMapRef: {name: {{ include "okrug.name" .root }}{{ .settings | default "" }}}
env:
  {{- range $name := list "SECRET_KEY" "OKRUG_IDENTITY_KEY" "DATABASE_URL" "BROKER_URL" }}
  - name: {{ $name }}
    valueFrom: {secretKeyRef: {name: {{ $.root.Values.secrets.product }}, key: {{ $name }}}}
  {{- end }}
  {{- range $name := list "OKRUG_SMTP_PASSWORD" "OKRUG_OIDC_CLIENT_SECRET" "OKRUG_SENTRY_DSN" "OKRUG_METRICS_TOKEN" }}
  - name: {{ $name }}
    valueFrom: {secretKeyRef: {name: {{ $.root.Values.secrets.product }}, key: {{ $name }}, optional: true}}
  {{- end }}
  {{- if .admin }}
  - name: DATABASE_ADMIN_URL
    valueFrom: {secretKeyRef: {name: {{ .root.Values.secrets.admin }}, key: DATABASE_ADMIN_URL}}
  {{- end }}
  {{- if .backup }}
  - name: OKRUG_BACKUP_URL
    valueFrom: {secretKeyRef: {name: {{ .root.Values.secrets.admin }}, key: OKRUG_BACKUP_URL, optional: true}}
  - name: OKRUG_BACKUP_PLACES
    value: /var/backups/{{ keys .root.Values.backup.places | sortAlpha | join ":/var/backups/" }}
  - name: OKRUG_BACKUP_SCRATCH
    value: /tmp
  {{- end }}
  {{- if eq .component "outbox" }}
  - name: OKRUG_PROBE_URL
    value: http://{{ include "okrug.name" .root }}-web
  {{- end }}
  {{- if and (eq .component "web") .root.Values.serviceMonitor.enabled }}
  # Prometheus asks every pod under its address.
  - name: POD_IP
    valueFrom: {fieldRef: {fieldPath: status.podIP}}
  - name: ALLOWED_HOSTS
    value: {{ include "okrug.hosts" .root }},$(POD_IP)
  {{- end }}
  {{- if .heartbeat }}
  - name: OKRUG_HEARTBEAT
    value: /tmp/alive
  {{- end }}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
  - {name: residency, mountPath: /etc/okrug, readOnly: true}
  - {name: files, mountPath: /var/lib/okrug/files, subPath: files}
  - {name: files, mountPath: /var/lib/okrug/archives, subPath: archives}
  {{- if .beat }}
  - {name: files, mountPath: /var/lib/okrug/beat, subPath: beat}
  {{- end }}
  {{- if .backup }}
  {{- range $place, $_ := .root.Values.backup.places }}
  - {name: copies-{{ $place }}, mountPath: /var/backups/{{ $place }}}
  {{- end }}
  {{- end }}
  {{- if .root.Values.keysSecret }}
  - {name: keys, mountPath: /run/okrug, readOnly: true}
  {{- end }}
{{- end }}

{{- define "okrug.volumes" -}}
volumes:
  - name: tmp
    emptyDir: {sizeLimit: 1Gi}
  - name: residency
    configMap: {name: {{ include "okrug.name" .root }}-residency{{ .settings | default "" }}}
  - name: files
    {{- if .noFiles }}
    emptyDir: {sizeLimit: 1Gi}
    {{- else }}
    persistentVolumeClaim: {claimName: {{ .root.Values.files.existingClaim | default (printf "%s-files" (include "okrug.name" .root)) }}}
    {{- end }}
  {{- if .backup }}
  {{- range $place, $volume := .root.Values.backup.places }}
  - name: copies-{{ $place }}
    persistentVolumeClaim: {claimName: {{ $volume.existingClaim | default (printf "%s-copies-%s" (include "okrug.name" $.root) $place) }}}
  {{- end }}
  {{- end }}
  {{- with .root.Values.keysSecret }}
  - name: keys
    secret: {secretName: {{ . }}, defaultMode: 0440}
  {{- end }}
{{- end }}

{{- /* The sign of life that worker, beat and dispatcher leave. */}}
{{- define "okrug.alive" -}}
startupProbe:
  exec: {command: [python, /opt/okrug/infra/docker/alive.py, /tmp/alive, "600"]}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 36
livenessProbe:
  exec: {command: [python, /opt/okrug/infra/docker/alive.py, /tmp/alive, "600"]}
  periodSeconds: 60
  timeoutSeconds: 5
  failureThreshold: 3
{{- end }}

{{- define "okrug.settings" -}}
{{- $own := list "SECRET_KEY" "OKRUG_IDENTITY_KEY" "DATABASE_URL" "DATABASE_ADMIN_URL" "BROKER_URL" "OKRUG_SMTP_PASSWORD" "OKRUG_OIDC_CLIENT_SECRET" "OKRUG_SENTRY_DSN" "OKRUG_METRICS_TOKEN" "OKRUG_BACKUP_URL" -}}
{{- range $name, $_ := .Values.settings }}{{ if has $name $own }}{{ fail (printf "settings.%s: секрету место в Secret" $name) }}{{ end }}{{ end -}}
DJANGO_SETTINGS_MODULE: config.settings.production
ALLOWED_HOSTS: {{ include "okrug.hosts" . | quote }}
OKRUG_URL: {{ required "url: назовите адрес портала" .Values.url | quote }}
OKRUG_TRUSTED_PROXIES: {{ .Values.trustedProxies | quote }}
OKRUG_RESIDENCY: /etc/okrug/residency.toml
OKRUG_FILES: /var/lib/okrug/files
OKRUG_METRICS_DIR: /tmp/metrics
OKRUG_EGRESS_PROXY: http://{{ include "okrug.name" . }}-egress:3128
OKRUG_ALLOWED_OUT: {{ include "okrug.allowedOut" . | quote }}
{{- if .Values.mail.host }}
OKRUG_SMTP_HOST: {{ .Values.mail.host | quote }}
OKRUG_SMTP_PORT: {{ .Values.mail.port | quote }}
OKRUG_SMTP_USER: {{ .Values.mail.user | quote }}
OKRUG_MAIL_FROM: {{ .Values.mail.from | quote }}
{{- end }}
{{- range $name, $value := .Values.settings }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end }}

{{- /* The product's own list: the egress proxy's, and the mail server, which needs no proxy. */}}
{{- define "okrug.allowedOut" -}}
{{- $hosts := list -}}
{{- range $line := splitList "\n" .Values.egress.list }}{{ $host := trim (first (splitList "#" $line)) }}{{ if $host }}{{ $hosts = append $hosts $host }}{{ end }}{{ end -}}
{{- if .Values.mail.host }}{{ $hosts = append $hosts (printf "%s:%v" .Values.mail.host .Values.mail.port) }}{{ end -}}
{{ join "," ($hosts | uniq) }}
{{- end }}

{{- define "okrug.residency" -}}
residency.toml: |
{{ required "residency.manifest: передайте манифест, --set-file residency.manifest=residency.toml" .Values.residency.manifest | indent 2 }}
{{- end }}
