resource "aws_iam_openid_connect_provider" "github" {
  count          = var.github_oidc_provider_arn == null ? 1 : 0
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  oidc_provider_arn = var.github_oidc_provider_arn == null ? aws_iam_openid_connect_provider.github[0].arn : var.github_oidc_provider_arn

  # What devices may read.
  served = ["objects", "patches", "manifests", "attestations", "channels", "roots"]

  # What the publisher reads and writes besides: source maps, which are nobody else's business, and the marks of the garbage collector.
  # It may overwrite, and delete nothing but its own probe.
  folders = concat(local.served, ["sourcemaps", "gc", "kivyx-probe"])
}

# Taken by a workflow of one repository in one environment, for as long as it runs: there is no key to leak.
resource "aws_iam_role" "publisher" {
  name                 = "${var.name}-publisher"
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = local.oidc_provider_arn }
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = var.github_subject
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "publisher" {
  name = "publish"
  role = aws_iam_role.publisher.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadAndWriteChannels"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = [for folder in local.folders : "${aws_s3_bucket.ota.arn}/${folder}/*"]
      },
      {
        Sid      = "TellAbsentFromForbidden"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = [aws_s3_bucket.ota.arn]
      },
      {
        Sid      = "RemoveTheProbe"
        Effect   = "Allow"
        Action   = ["s3:DeleteObject"]
        Resource = ["${aws_s3_bucket.ota.arn}/kivyx-probe/*"]
      },
      {
        Sid      = "ReadThePublicKey"
        Effect   = "Allow"
        Action   = ["kms:GetPublicKey"]
        Resource = [aws_kms_key.release.arn]
      },
      {
        Sid      = "SignOnlyDigests"
        Effect   = "Allow"
        Action   = ["kms:Sign"]
        Resource = [aws_kms_key.release.arn]
        Condition = {
          StringEquals = {
            "kms:MessageType"      = "DIGEST"
            "kms:SigningAlgorithm" = "ECDSA_SHA_256"
          }
        }
      },
    ]
  })
}
