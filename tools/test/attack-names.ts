/** Case names of tuf-conformance and python-tuf's updater tests, by their groups. Each is the title of a test, or has a reason in WITHOUT_COUNTERPART. */
export const TUF_NAMES: readonly string[] = `
basic_refresh_requests basic_refresh_trusted_data implicit_refresh invalid_initial_root unsigned_initial_root unsigned_metadata
url_and_metadata_version_mismatch timestamp_content_changes targets_hash_mismatch snapshot_hash_mismatch metadata_bytes_match
custom_fields snapshot_404 targets_404 timestamp_404 incorrect_metadata_type faketime

root_expired timestamp_expired snapshot_expired targets_expired expired_local_root expired_local_timestamp

client_downloads_expected_file client_downloads_expected_file_in_sub_dir repository_substitutes_target_file
multiple_changes_to_target download_with_unknown_hash_algorithm artifact_cache

snapshot_does_not_meet_threshold snapshot_has_too_few_keys duplicate_keys duplicate_sig_keyids keytype_and_scheme
invalid_sig_in_valid_metadata

new_timestamp_version_rollback snapshot_rollback targets_role_removal targets_fast_forward_recovery
new_snapshot_fast_forward_recovery new_timestamp_fast_forward_recovery targets_rollback

1-of-1-key-rotation 1-of-1-key-rotation-unused-signatures 3-of-5-sign-with-different-keycombos 3-of-5-one-key-rotated
3-of-5-one-key-rotated-with-intermediate-step 3-of-5-all-keys-rotated-with-intermediate-step
1-of-3-threshold-increase-to-2-of-3 2-of-3-threshold-decrease-to-1-of-3 1-of-2-threshold-increase-to-2-of-2
1-of-1-key-rotation-fail-not-signed-with-old-key 1-of-1-key-rotation-fail-not-signed-with-new-key
3-of-5-one-key-rotate-fails-not-signed-with-3-new-keys 3-of-5-one-key-rotate-fails-not-signed-with-3-old-keys
1-of-3-threshold-bump-to-2-of-3-fails-new-threshold-not-reached
2-of-3-threshold-decr-to-1-of-3-fails-old-threshold-not-reached

first_time_refresh trusted_root_missing trusted_root_expired trusted_root_unsigned max_root_rotations
intermediate_root_incorrectly_signed intermediate_root_expired final_root_incorrectly_signed new_root_same_version
new_root_nonconsecutive_version final_root_expired new_timestamp_unsigned new_timestamp_expired new_snapshot_hash_mismatch
new_snapshot_unsigned new_snapshot_version_mismatch new_snapshot_version_rollback

arbitrary_package endless_data extraneous_dependencies indefinite_freeze mix_and_match replay slow_retrieval key_revocation
fast_forward freeze_stale_expiry_check`
  .trim()
  .split(/\s+/);

/** What our own documents and ways add to them. */
export const OUR_NAMES: readonly string[] = [
  'same sequence with different bytes',
  'index of another channel',
  'index of another app',
  'index of another platform',
  'index of another runtime',
  'index key of another channel',
  'manifest signed by the index key',
  'index signed by the release key',
  'attestation shown as manifest',
  'revoked release named by an old index',
  'device clock 1970',
  'device clock in the far future',
  'storage wiped',
  'crash between persist and activate',
  'root n+1 with an unknown algorithm',
  '33rd root',
  'high-S signature',
  'non-deterministic re-encoding of a valid index',
  'object longer than signed',
  'gzip bomb',
  'length 0',
  'key id of another key',
  'DER signature',
  '41a0 protected header',
  'tag 98',
  'trailing bytes',
];

/** Names that our documents leave nothing to mirror of, and why. The same sentences stand in docs/threat-model.md. */
export const WITHOUT_COUNTERPART: Readonly<Record<string, string>> = {
  targets_expired: 'a manifest does not expire; the index that names it does',
};
