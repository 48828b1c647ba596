locals {
  alarms = {
    errors    = { metric = "Errors", threshold = 5, what = "the function fails" }
    throttles = { metric = "Throttles", threshold = 20, what = "the function is called more often than its concurrency allows" }
  }
}

resource "aws_cloudwatch_metric_alarm" "function" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "Over-the-air updates: ${each.value.what}"
  namespace           = "AWS/Lambda"
  metric_name         = each.value.metric
  dimensions          = { FunctionName = aws_lambda_function.ota.function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = each.value.threshold
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
}

resource "aws_cloudwatch_metric_alarm" "table" {
  alarm_name          = "${var.name}-table"
  alarm_description   = "Over-the-air updates: DynamoDB throttles writes"
  namespace           = "AWS/DynamoDB"
  metric_name         = "WriteThrottleEvents"
  dimensions          = { TableName = aws_dynamodb_table.ota.name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
}

# The line that src/create-handler.ts writes when the guardrail pauses a release.
resource "aws_cloudwatch_log_metric_filter" "paused" {
  name           = "${var.name}-paused"
  log_group_name = aws_cloudwatch_log_group.function.name
  pattern        = "\"guardrail-pause\""

  metric_transformation {
    name      = "${var.name}-paused"
    namespace = "KivyxOta"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "paused" {
  alarm_name          = "${var.name}-paused"
  alarm_description   = "Over-the-air updates: the guardrail has paused a release; see docs/runbook.md"
  namespace           = "KivyxOta"
  metric_name         = "${var.name}-paused"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
}
