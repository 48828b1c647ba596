variable "name" {
  description = "Name of everything: the bucket, the role, the key's alias. Lower case, unique for buckets."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{2,46}$", var.name))
    error_message = "3 to 47 characters: lower-case letters, digits and hyphens."
  }
}

variable "github_subject" {
  description = "Who may publish, as GitHub's token says it: repo:acme/app:environment:production."
  type        = string

  validation {
    condition     = can(regex("^repo:[^*:]+/[^*:]+:(environment|ref):[^*]+$", var.github_subject))
    error_message = "One repository and one environment or ref, without wildcards."
  }
}

variable "github_oidc_provider_arn" {
  description = "The account's provider for token.actions.githubusercontent.com. There can be only one per account: null makes it."
  type        = string
  default     = null
}

variable "domain" {
  description = "Host of the devices' base URL, with its certificate in us-east-1. Null: the host that CloudFront gives."
  type = object({
    name            = string
    certificate_arn = string
  })
  default = null
}
