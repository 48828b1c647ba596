output "base_url" {
  description = "The devices' baseUrl."
  value       = "https://${var.domain == null ? aws_cloudfront_distribution.ota.domain_name : var.domain.name}/"
}

output "domain_target" {
  description = "Where the DNS record of your domain points."
  value       = aws_cloudfront_distribution.ota.domain_name
}

output "bucket" {
  description = "OTA_BUCKET of the workflow."
  value       = aws_s3_bucket.ota.bucket
}

output "kms_key" {
  description = "OTA_KMS_KEY of the workflow."
  value       = aws_kms_key.release.arn
}

output "role_arn" {
  description = "OTA_ROLE_ARN of the workflow."
  value       = aws_iam_role.publisher.arn
}
