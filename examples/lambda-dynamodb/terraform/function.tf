data "archive_file" "function" {
  type        = "zip"
  source_file = var.package
  output_path = "${path.module}/function.zip"
}

resource "aws_lambda_function" "ota" {
  function_name                  = var.name
  role                           = aws_iam_role.function.arn
  runtime                        = "nodejs22.x"
  architectures                  = ["arm64"]
  handler                        = "handler.handler"
  filename                       = data.archive_file.function.output_path
  source_code_hash               = data.archive_file.function.output_base64sha256
  memory_size                    = 512
  timeout                        = 10
  reserved_concurrent_executions = var.reserved_concurrency

  environment {
    variables = {
      GUARDRAIL_CRASH_PCT    = var.guardrail_crash_pct
      GUARDRAIL_LOOKBACK_MIN = var.guardrail_lookback_min
      NODE_OPTIONS           = "--enable-source-maps"
      OTA_BUCKET             = var.bucket
      OTA_DEVICE_SECRET      = var.device_secret
      OTA_EPOCH              = var.epoch
      OTA_INDEX_KMS_KEY      = aws_kms_key.index.arn
      OTA_INDEX_PUBLIC_KEY   = var.index_public_key
      OTA_PROJECT            = var.project
      OTA_RELEASE_KEYS       = join("\n", var.release_public_keys)
      OTA_TABLE              = aws_dynamodb_table.ota.name
    }
  }
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = 30
}

resource "aws_iam_role" "function" {
  name = "${var.name}-function"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "function" {
  name = "serve"
  role = aws_iam_role.function.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "ControlPlane"
        Effect = "Allow"
        # No DeleteItem: nobody with this role removes an audit entry. Expired events go by TTL.
        Action   = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query"]
        Resource = [aws_dynamodb_table.ota.arn, "${aws_dynamodb_table.ota.arn}/index/*"]
      },
      {
        Sid      = "ReadReleases"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = ["arn:aws:s3:::${var.bucket}/*"]
      },
      {
        # The history of every index, for auditors. Releases are written by CI.
        Sid      = "WriteTheLog"
        Effect   = "Allow"
        Action   = ["s3:PutObject"]
        Resource = ["arn:aws:s3:::${var.bucket}/channels/*"]
      },
      {
        # It looks once whether the bucket means its conditions, before it relies on them.
        Sid      = "ProbeTheBucket"
        Effect   = "Allow"
        Action   = ["s3:PutObject", "s3:DeleteObject"]
        Resource = ["arn:aws:s3:::${var.bucket}/kivyx-probe/*"]
      },
      {
        Sid      = "TellAbsentFromForbidden"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = ["arn:aws:s3:::${var.bucket}"]
      },
      {
        Sid      = "ReadThePublicKey"
        Effect   = "Allow"
        Action   = ["kms:GetPublicKey"]
        Resource = [aws_kms_key.index.arn]
      },
      {
        Sid      = "SignOnlyDigests"
        Effect   = "Allow"
        Action   = ["kms:Sign"]
        Resource = [aws_kms_key.index.arn]
        Condition = {
          StringEquals = {
            "kms:MessageType"      = "DIGEST"
            "kms:SigningAlgorithm" = "ECDSA_SHA_256"
          }
        }
      },
      {
        Sid      = "WriteLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.function.arn}:*"]
      },
    ]
  })
}
