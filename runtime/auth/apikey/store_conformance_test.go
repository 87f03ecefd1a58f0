package apikey_test

import (
	"path/filepath"
	"testing"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/apikey/apikeytest"
)

func TestStaticConforms(t *testing.T) {
	apikeytest.Run(t, func(t *testing.T, keys ...apikey.Key) apikey.Store { return static(t, keys...) })
}

func TestFileConforms(t *testing.T) {
	apikeytest.Run(t, func(t *testing.T, keys ...apikey.Key) apikey.Store {
		path := filepath.Join(t.TempDir(), "keys")
		fileOf(t, path, noon, keys...)
		s, err := apikey.File(path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
