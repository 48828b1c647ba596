variable "name" {
  description = "Name of everything: function, table, role, alarms. Lower case."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{2,40}$", var.name))
    error_message = "3 to 41 characters: lower-case letters, digits and hyphens."
  }
}

variable "project" {
  description = "The name of the project, as in the trust root."
  type        = string
}

variable "bucket" {
  description = "The bucket that releases are uploaded to (examples/s3-cloudfront makes one)."
  type        = string
}

variable "release_public_keys" {
  description = "PEM texts of the keys that releases are signed with."
  type        = list(string)
}

variable "index_public_key" {
  description = "PEM text of the index key (output index_kms_key), as the app carries it. A key that was swapped behind the alias is refused."
  type        = string
}

variable "device_secret" {
  description = "64 hex digits; device ids are stored under it. Changing it makes every device a new one."
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^[0-9a-f]{64,}$", var.device_secret))
    error_message = "At least 64 lower-case hex digits, e.g. from openssl rand -hex 32."
  }
}

variable "epoch" {
  description = "Version of the trust root; 0 while apps carry bare keys. One more after a key was stolen or the table was restored (docs/runbook.md)."
  type        = number
  default     = 0
}

variable "package" {
  description = "The built function: ../dist/handler.mjs."
  type        = string
  default     = "../dist/handler.mjs"
}

variable "reserved_concurrency" {
  description = "Containers at once; a flood of telemetry cannot take the account's whole limit."
  type        = number
  default     = 50
}

variable "guardrail_crash_pct" {
  description = "Share of devices (percent) that may fail on a healthy release; above it a release is paused. 0: no guardrail."
  type        = number
  default     = 5

  validation {
    condition     = var.guardrail_crash_pct >= 0 && var.guardrail_crash_pct <= 50
    error_message = "0 to 50."
  }
}

variable "guardrail_lookback_min" {
  description = "Minutes that the plain rule looks back; 0: only the sequential test, which needs no window."
  type        = number
  default     = 0
}

variable "alarm_topic_arns" {
  description = "SNS topics that hear of alarms."
  type        = list(string)
  default     = []
}
