# Without a cloud: the providers are mocked, the plan and the policies are real. `terraform test`
mock_provider "aws" {
  override_during = plan

  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws:dynamodb:eu-central-1:111122223333:table/acme-ota" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/acme-ota" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/acme-ota-function" }
  }

  mock_resource "aws_lambda_function" {
    defaults = {
      arn        = "arn:aws:lambda:eu-central-1:111122223333:function:acme-ota"
      invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:111122223333:function:acme-ota/invocations"
    }
  }

  mock_resource "aws_apigatewayv2_api" {
    defaults = { execution_arn = "arn:aws:execute-api:eu-central-1:111122223333:abcdef" }
  }
}

mock_provider "archive" {
  override_during = plan
}

variables {
  name                = "acme-ota"
  project             = "acme"
  bucket              = "acme-ota"
  release_public_keys = ["-----BEGIN PUBLIC KEY-----\nA\n-----END PUBLIC KEY-----"]
  index_public_key    = "-----BEGIN PUBLIC KEY-----\nB\n-----END PUBLIC KEY-----"
  device_secret       = "0000000000000000000000000000000000000000000000000000000000000000"
}

run "nobody_deletes_and_nobody_writes_releases" {
  command = plan

  assert {
    condition = length([
      for statement in jsondecode(aws_iam_role_policy.function.policy).Statement : statement
      if statement.Resource != ["arn:aws:s3:::acme-ota/kivyx-probe/*"] && length([for action in statement.Action : action if can(regex("Delete|\\*|kms:(Create|Schedule|Put)", action))]) > 0
    ]) == 0
    error_message = "The function may delete, write releases, or change keys."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.function.policy).Statement :
      contains(["arn:aws:s3:::acme-ota/channels/*", "arn:aws:s3:::acme-ota/kivyx-probe/*"], statement.Resource[0]) && length(statement.Resource) == 1 if contains(statement.Action, "s3:PutObject")
    ])
    error_message = "The function may write more than the log of channels."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.function.policy).Statement : !contains(statement.Resource, "*")])
    error_message = "A statement is about everything."
  }
}

run "it_signs_digests_with_one_key" {
  command = plan

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.function.policy).Statement : statement.Condition.StringEquals["kms:MessageType"]
      if contains(statement.Action, "kms:Sign")
    ] == ["DIGEST"]
    error_message = "Signing is not limited to digests."
  }

  assert {
    condition     = aws_kms_key.index.customer_master_key_spec == "ECC_NIST_P256"
    error_message = "ES256 needs P-256."
  }
}

run "events_expire_and_the_table_survives" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.ota.ttl[0].enabled && aws_dynamodb_table.ota.ttl[0].attribute_name == "ttl"
    error_message = "Events never go."
  }

  assert {
    condition     = aws_dynamodb_table.ota.deletion_protection_enabled && aws_dynamodb_table.ota.point_in_time_recovery[0].enabled
    error_message = "The table can be lost."
  }

  assert {
    condition     = toset([for index in aws_dynamodb_table.ota.local_secondary_index : "${index.name} ${index.range_key}"]) == toset(["byCode code", "byIndexedCode indexedCode"])
    error_message = "The indexes are not those of the database package."
  }
}

run "a_short_secret_is_refused" {
  command = plan

  variables {
    device_secret = "abcd"
  }

  expect_failures = [var.device_secret]
}
