package gen

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
)

// TestReport: that keys grow old must be seen by whoever reads the log.
func TestReport(t *testing.T) {
	var b bytes.Buffer
	New(Setup{Config: runtime.Config{Log: slog.New(slog.NewTextHandler(&b, nil))}}).Report("session")(errors.New("no answer"))
	if got, want := b.String(), `level=ERROR msg="keys cannot be refreshed" scheme=session error="no answer"`; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
	New(Setup{}).Report("session")(errors.New("no answer")) // to the default log
}
