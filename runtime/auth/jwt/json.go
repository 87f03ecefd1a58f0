package jwt

import read "github.com/bailey-go/bailey/runtime/auth/internal/claims"

// Bounds of what is decoded. A token has at most 6 KiB of JSON and seldom more than 40 values; the bound on values keeps
// what a cached principal holds in proportion.
const (
	maxTokenValues = 512
	maxSetValues   = 16 << 10
)

// decodeObject decodes one JSON object strictly, and returns the number of values in it too.
func decodeObject(text string, maxValues int) (map[string]any, int, error) {
	return read.Decode(text, maxValues)
}
