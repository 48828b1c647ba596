# Signs channel indexes. The release key is another one, and this function never sees it.
resource "aws_kms_key" "index" {
  description              = "Signs channel indexes of ${var.name}"
  key_usage                = "SIGN_VERIFY"
  customer_master_key_spec = "ECC_NIST_P256"
  deletion_window_in_days  = 30

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "index" {
  name          = "alias/${var.name}-index"
  target_key_id = aws_kms_key.index.key_id
}
