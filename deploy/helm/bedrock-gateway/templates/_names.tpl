{{/* The name of every object: that of the release. */}}
{{- define "gateway.name" -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/* What tells this release's pods from others. */}}
{{- define "gateway.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "gateway.labels" -}}
{{ include "gateway.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "gateway.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- define "gateway.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "gateway.name" .) }}
{{- else -}}
{{ .Values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end }}

{{/* The gateway itself would refuse to start; better to hear of it now. */}}
{{- define "gateway.checkKeys" -}}
{{- $anyone := get .Values.environment "BEDROCK_GATEWAY_ALLOW_ANONYMOUS" | default "false" -}}
{{- if not (or (include "gateway.secret" .) .Values.config (eq $anyone "true")) -}}
{{- fail "Without keys anyone who reaches the gateway could use it. Set secret.existing to a Secret with API_KEY, or keys in config; or environment.BEDROCK_GATEWAY_ALLOW_ANONYMOUS to \"true\" if something before it asks who calls." -}}
{{- end -}}
{{- end }}

{{/* The Secret whose entries become variables; empty where there is none. */}}
{{- define "gateway.secret" -}}
{{- if .Values.secret.existing -}}
{{ .Values.secret.existing }}
{{- else if .Values.secret.values -}}
{{ include "gateway.name" . }}
{{- end -}}
{{- end }}
