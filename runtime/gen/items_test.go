package gen

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/inflight"
)

// texts reads all texts of a body that comes byte by byte, or at once.
func texts(body string, separated, slowly bool) ([]string, error) {
	var from io.Reader = strings.NewReader(body)
	if slowly {
		from = iotest.OneByteReader(from)
	}
	r := itemReader{hold: new(inflight.Hold), ctx: &requestContext{parent: context.Background(), deadline: time.Now().Add(time.Hour)}, body: from, max: 8, separated: separated}
	var all []string
	for {
		text, err := r.next()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, text)
	}
}

func TestItemTexts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		body      string
		separated bool
		want      []string
		err       error
	}{
		{"", false, nil, nil},
		{"\n", false, nil, nil},
		{"1", false, []string{"1"}, nil},
		{"1\n2\n", false, []string{"1", "2"}, nil},
		{"\r\n 1\t\r\n\n2", false, []string{"1", "2"}, nil},
		{"12345678\n1", false, []string{"12345678", "1"}, nil},
		{"1\n123456789\n", false, []string{"1"}, errTooLarge},
		{"123456789", false, nil, errTooLarge},
		{"12345678\r\n1\r\n", false, []string{"12345678", "1"}, nil},
		{"1        \n", false, []string{"1"}, nil},
		{"1         \n", false, nil, errTooLarge},
		{"1\x1e2", false, []string{"1\x1e2"}, nil},
		{"", true, nil, nil},
		{"\x1e", true, nil, nil},
		{"\x1e1\n\x1e2\n", true, []string{"1", "2"}, nil},
		{"\x1e1\n2\n", true, []string{"1\n2"}, nil},
		{"\x1e1", true, nil, errTruncated},
		{"\x1e1\x1e2\n", true, nil, errTruncated},
		{"1\n", true, nil, errNoSeparator},
		{"1\n\x1e2\n", true, nil, errNoSeparator},
	} {
		for _, slowly := range []bool{false, true} {
			got, err := texts(c.body, c.separated, slowly)
			if !slices.Equal(got, c.want) || !errors.Is(err, c.err) {
				t.Errorf("%q %v: %q, %v; want %q, %v", c.body, slowly, got, err, c.want, c.err)
			}
		}
	}
}

// FuzzItemTexts holds lines to a reader that has all of them in memory, however they come.
func FuzzItemTexts(f *testing.F) {
	f.Add("1\n2\r\n\n3")
	f.Fuzz(func(t *testing.T, body string) {
		var want []string
		var wantErr error
		for line := range strings.SplitSeq(body, "\n") {
			text := strings.Trim(line, " \t\r\n")
			if len(line) > 9 || len(text) > 8 { // white space counts, so that an endless line of it ends
				wantErr = errTooLarge
				break
			}
			if text != "" {
				want = append(want, text)
			}
		}
		for _, slowly := range []bool{false, true} {
			got, err := texts(body, false, slowly)
			if !slices.Equal(got, want) || !errors.Is(err, wantErr) {
				t.Errorf("%q: %q, %v; want %q, %v", body, got, err, want, wantErr)
			}
		}
	})
}
