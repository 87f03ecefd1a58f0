package apikey

import (
	"encoding/json"
	"fmt"

	"github.com/bailey-go/bailey/runtime/internal/keyfile"
)

// ReadFile returns the keys of a file in the form that [FileStore] describes, for programs that change it. It may have no key.
func ReadFile(path string) ([]Key, error) {
	text, err := keyfile.Read(path, maxFile)
	if err != nil {
		return nil, fmt.Errorf("apikey: key file: %w", err)
	}
	keys, err := parseJSON(string(text))
	if err == nil {
		_, err = newTable(keys)
	}
	if err != nil {
		return nil, fmt.Errorf("apikey: key file: %w", err)
	}
	return keys, nil
}

// FormatFile returns the text of a file of these keys, or all that is wrong with them. Replace a file by renaming another one, so that a
// server that reads it sees all of one content.
func FormatFile(keys []Key) ([]byte, error) {
	if _, err := newTable(keys); err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(struct {
		Keys []Key `json:"keys"`
	}{append([]Key{}, keys...)}, "", "\t") // [] rather than null
	if err != nil {
		return nil, fmt.Errorf("apikey: %w", err)
	}
	if len(text) >= maxFile {
		return nil, fmt.Errorf("apikey: more than %d MiB: the keys belong into a database", maxFile>>20)
	}
	return append(text, '\n'), nil
}
