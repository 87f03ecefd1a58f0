package redact

import (
	"strings"
	"testing"
)

// The server's own passwords are replaced where they stand as drivers write them.
func TestPasswords(t *testing.T) {
	for text, want := range map[string]string{
		"dial postgres://bank:s3cr3t@db.internal:5432/bank?sslmode=require: refused": "dial postgres://bank:[credential]@db.internal:5432/bank?sslmode=require: refused",
		"redis://:s3cr3t@cache:6379":                    "redis://:[credential]@cache:6379",
		"host=db user=bank password=s3cr3t dbname=bank": "host=db user=bank password=[credential] dbname=bank",
		"host=db password='s3 cr3t' dbname=bank":        "host=db password=[credential] dbname=bank",
		`{"client_secret": "s3cr3t", "grant_type":"x"}`: `{"client_secret": [credential], "grant_type":"x"}`,
		"Server=db;Pwd=s3cr3t;Database=bank":            "Server=db;Pwd=[credential];Database=bank",
		"https://db.internal:5432/x: no such host":      "https://db.internal:5432/x: no such host",
		"the password is wrong":                         "the password is wrong",
		"http://a:1/b@c":                                "http://a:1/b@c",
		"POST /token?access_token=s3cr3t&x=1":           "POST /token?access_token=[credential]&x=1",
		"password=[secret] of the request":              "password=[secret] of the request",
	} {
		if got := Passwords(text); got != want {
			t.Errorf("Passwords(%q) = %q, want %q", text, got, want)
		}
	}
	long := strings.Repeat("://", 5000) + strings.Repeat("password=", 5000)
	if got := Passwords(long); len(got) > 2*len(long) {
		t.Errorf("%d bytes of %d", len(got), len(long))
	}
}
