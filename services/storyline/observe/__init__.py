"""What an operator sees of a service: metrics, health, traces, and what a log line carries.

`catalogue` every metric there is · `meter` plain numbers under those names · `exposing` them to Prometheus ·
`facts` and `health` what a service knows of itself and what follows from it · `probing` asks its servers now and then ·
`server` `/metrics`, `/live`, `/ready`, `/progress` · `traceparent` the way of an article in one id · `tracing` that way
as OpenTelemetry spans. Nothing here is imported, listens or connects unless a setting turns it on, but `catalogue`,
`meter` and `traceparent`, which are plain values.
"""
