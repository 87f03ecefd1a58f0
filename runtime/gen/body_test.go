package gen

import (
	"errors"
	"io"
	goruntime "runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/bailey-go/bailey/runtime/internal/inflight"
)

// TestBodyReader reads bodies that come in different pieces.
func TestBodyReader(t *testing.T) {
	for _, size := range []int{0, 1, 1000, 16 << 10, 16<<10 + 1, 64 << 10, 64<<10 + 1, 1 << 20} {
		want := strings.Repeat("0123456789abcdef", size/16+1)[:size]
		for name, wrap := range map[string]func(io.Reader) io.Reader{
			"whole": func(r io.Reader) io.Reader { return r }, "halves": iotest.HalfReader, "data with the end": iotest.DataErrReader,
		} {
			for _, length := range []int64{-1, int64(size)} {
				b := bodyReader{r: wrap(strings.NewReader(want)), left: 1 << 20}
				got, err := b.all(length, new(inflight.Hold))
				if err != nil || got != want || !b.done && size > 0 {
					t.Errorf("%s, %d bytes, length %d: %d bytes, %v, done %v", name, size, length, len(got), err, b.done)
				}
			}
		}
	}
}

func TestBodyReaderRefuses(t *testing.T) {
	broken := errors.New("broken")
	for name, tt := range map[string]struct {
		r      io.Reader
		length int64
		want   error
	}{
		"longer than the limit, as it says":  {strings.NewReader(""), 101, errTooLarge},
		"longer than the limit, without one": {strings.NewReader(strings.Repeat("a", 101)), -1, errTooLarge},
		"broken off":                         {io.MultiReader(strings.NewReader("a"), iotest.ErrReader(broken)), 50, broken},
	} {
		b := bodyReader{r: tt.r, left: 100}
		if text, err := b.all(tt.length, new(inflight.Hold)); !errors.Is(err, tt.want) || text != "" {
			t.Errorf("%s: %q, %v; want %v", name, text, err, tt.want)
		}
	}
}

// TestPromisedBody holds how much memory somebody gets who promises a long body and sends little of it.
func TestPromisedBody(t *testing.T) {
	const promised = 512 << 20
	var before, after goruntime.MemStats
	goruntime.ReadMemStats(&before)
	b := bodyReader{r: io.MultiReader(strings.NewReader(strings.Repeat("a", 1000)), iotest.ErrReader(io.ErrUnexpectedEOF)), left: promised}
	if _, err := b.all(promised, new(inflight.Hold)); err == nil {
		t.Error("half a body is taken")
	}
	goruntime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("%d bytes allocated", n)
	}
}
