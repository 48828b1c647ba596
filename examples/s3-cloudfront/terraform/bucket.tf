resource "aws_s3_bucket" "ota" {
  bucket = var.name
}

resource "aws_s3_bucket_public_access_block" "ota" {
  bucket                  = aws_s3_bucket.ota.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "ota" {
  bucket = aws_s3_bucket.ota.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

# What was overwritten or deleted by mistake can be brought back for a month.
resource "aws_s3_bucket_versioning" "ota" {
  bucket = aws_s3_bucket.ota.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "ota" {
  bucket = aws_s3_bucket_versioning.ota.bucket

  rule {
    id     = "old-versions"
    status = "Enabled"
    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

# Only this distribution reads, and only what is for devices: source maps lie under a name that every index tells. Listing is for the difference between 404 and 403; query strings never reach the bucket, so nobody lists it.
resource "aws_s3_bucket_policy" "ota" {
  bucket = aws_s3_bucket.ota.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "CloudFrontReads"
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = ["s3:GetObject", "s3:ListBucket"]
        Resource  = concat([aws_s3_bucket.ota.arn], [for folder in local.served : "${aws_s3_bucket.ota.arn}/${folder}/*"])
        Condition = { StringEquals = { "AWS:SourceArn" = aws_cloudfront_distribution.ota.arn } }
      },
      {
        Sid       = "OnlyTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.ota.arn, "${aws_s3_bucket.ota.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.ota]
}
