# One table, as dynamodbTable() of @kivyx-ota/database-dynamodb says. Local indexes can only be made together with it.
resource "aws_dynamodb_table" "ota" {
  name         = var.name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"
  range_key    = "sk"

  attribute {
    name = "pk"
    type = "S"
  }

  attribute {
    name = "sk"
    type = "S"
  }

  attribute {
    name = "code"
    type = "N"
  }

  attribute {
    name = "indexedCode"
    type = "N"
  }

  local_secondary_index {
    name            = "byCode"
    range_key       = "code"
    projection_type = "ALL"
  }

  local_secondary_index {
    name            = "byIndexedCode"
    range_key       = "indexedCode"
    projection_type = "ALL"
  }

  ttl {
    attribute_name = "ttl"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  deletion_protection_enabled = true
}
