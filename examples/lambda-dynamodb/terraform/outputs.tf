output "base_url" {
  description = "The devices' baseUrl, unless a CDN stands before it."
  value       = "${aws_apigatewayv2_api.ota.api_endpoint}/"
}

output "index_kms_key" {
  description = "Its public half goes into the app and into index_public_key."
  value       = aws_kms_key.index.arn
}

output "table" {
  value = aws_dynamodb_table.ota.name
}
