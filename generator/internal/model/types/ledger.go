package types

// The policies that are enforced in values. Those of operations are package policy's, which makes
// the effective policy of each; x-bailey-go-name and classes of data that are not masked are
// annotations.
const (
	WordMask    = "x-bailey-mask"
	WordWriters = "x-bailey-writable-by"
	WordUnknown = "x-bailey-unknown"
	WordExact   = "x-bailey-exact"
)
