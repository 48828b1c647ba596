# Without a cloud: the provider is mocked, the plan and the policies are real. `terraform test`
# Plans only: the key says prevent_destroy, and what a test applies it has to destroy.
mock_provider "aws" {
  override_during = plan

  mock_resource "aws_s3_bucket" {
    defaults = {
      arn                         = "arn:aws:s3:::acme-ota"
      bucket_regional_domain_name = "acme-ota.s3.eu-central-1.amazonaws.com"
    }
  }

  mock_resource "aws_cloudfront_distribution" {
    defaults = {
      arn         = "arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE"
      domain_name = "d111111abcdef8.cloudfront.net"
    }
  }

  mock_resource "aws_cloudfront_origin_access_control" {
    defaults = { id = "E1EXAMPLEOAC" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" }
  }

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/acme-ota-publisher" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
}

variables {
  name           = "acme-ota"
  github_subject = "repo:acme/app:environment:production"
}

run "only_the_distribution_reads" {
  command = plan

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.ota.block_public_acls,
      aws_s3_bucket_public_access_block.ota.block_public_policy,
      aws_s3_bucket_public_access_block.ota.ignore_public_acls,
      aws_s3_bucket_public_access_block.ota.restrict_public_buckets,
    ])
    error_message = "The bucket can be made public."
  }

  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.ota.policy).Statement : s if s.Effect == "Allow"] == [{
      Sid       = "CloudFrontReads"
      Effect    = "Allow"
      Principal = { Service = "cloudfront.amazonaws.com" }
      Action    = ["s3:GetObject", "s3:ListBucket"]
      Resource = concat(["arn:aws:s3:::acme-ota"], [
        for folder in ["objects", "patches", "manifests", "attestations", "channels", "roots"] : "arn:aws:s3:::acme-ota/${folder}/*"
      ])
      Condition = { StringEquals = { "AWS:SourceArn" = "arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE" } }
    }]
    error_message = "The bucket's policy allows something else than this distribution's reading."
  }

  assert {
    condition     = one(aws_cloudfront_distribution.ota.origin).origin_access_control_id == aws_cloudfront_origin_access_control.ota.id && aws_cloudfront_origin_access_control.ota.signing_behavior == "always"
    error_message = "The distribution does not sign its requests to the bucket."
  }
}

run "the_bucket_decides_how_long_something_is_cached" {
  command = plan

  assert {
    condition     = aws_cloudfront_cache_policy.ota.min_ttl == 0 && aws_cloudfront_cache_policy.ota.default_ttl == 0 && aws_cloudfront_cache_policy.ota.max_ttl >= 31536000
    error_message = "The cache policy overrules the bucket's Cache-Control: an index would live too long, or an object too short."
  }

  assert {
    condition     = one(aws_cloudfront_distribution.ota.default_cache_behavior).viewer_protocol_policy == "https-only"
    error_message = "Plain HTTP is answered."
  }

  assert {
    condition     = one(one(aws_cloudfront_cache_policy.ota.parameters_in_cache_key_and_forwarded_to_origin).query_strings_config).query_string_behavior == "none" && aws_cloudfront_distribution.ota.default_root_object != ""
    error_message = "Somebody could list the bucket through the distribution."
  }
}

run "the_publisher_can_publish_and_nothing_else" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.publisher.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = "repo:acme/app:environment:production"
        }
      }
    }]
    error_message = "Somebody else than that one environment can take the role."
  }

  assert {
    condition = toset(flatten([for s in jsondecode(aws_iam_role_policy.publisher.policy).Statement : s.Action])) == toset([
      "kms:GetPublicKey", "kms:Sign", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject",
    ])
    error_message = "The publisher may do more, or less, than it needs."
  }

  assert {
    condition = flatten([for s in jsondecode(aws_iam_role_policy.publisher.policy).Statement : s.Resource if contains(s.Action, "s3:DeleteObject")]) == [
      "arn:aws:s3:::acme-ota/kivyx-probe/*",
    ]
    error_message = "The publisher may delete what devices need."
  }

  assert {
    condition     = alltrue([for r in flatten([for s in jsondecode(aws_iam_role_policy.publisher.policy).Statement : s.Resource]) : r != "*"])
    error_message = "A statement is about every resource there is."
  }

  assert {
    condition = alltrue([
      for s in jsondecode(aws_iam_role_policy.publisher.policy).Statement :
      try(s.Condition.StringEquals["kms:MessageType"], "") == "DIGEST" if contains(s.Action, "kms:Sign")
    ])
    error_message = "The publisher may sign something else than digests."
  }
}

run "the_key_is_for_signing_only" {
  command = plan

  assert {
    condition     = aws_kms_key.release.key_usage == "SIGN_VERIFY" && aws_kms_key.release.customer_master_key_spec == "ECC_NIST_P256"
    error_message = "signer-aws-kms needs a P-256 key for signing."
  }
}

run "a_provider_that_is_there_is_used" {
  command = plan

  variables {
    github_oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0
    error_message = "A second provider would be made, which AWS refuses."
  }
}

run "wildcards_in_the_subject_are_refused" {
  command = plan

  variables {
    github_subject = "repo:acme/app:*"
  }

  expect_failures = [var.github_subject]
}

run "an_own_domain_has_modern_tls" {
  command = plan

  variables {
    domain = {
      name            = "ota.example.com"
      certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
    }
  }

  assert {
    condition     = one(aws_cloudfront_distribution.ota.viewer_certificate).minimum_protocol_version == "TLSv1.2_2021" && output.base_url == "https://ota.example.com/"
    error_message = "The domain is not used, or takes old TLS."
  }
}
