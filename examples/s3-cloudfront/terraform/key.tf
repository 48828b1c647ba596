data "aws_caller_identity" "this" {}

# Signs releases and indexes. The private half never leaves KMS; devices carry the public half, so the key must outlive every installed binary.
resource "aws_kms_key" "release" {
  description              = "Signs over-the-air releases of ${var.name}"
  key_usage                = "SIGN_VERIFY"
  customer_master_key_spec = "ECC_NIST_P256"
  deletion_window_in_days  = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TheAccountDecidesByItsRoles"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.this.account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "release" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.release.key_id
}
