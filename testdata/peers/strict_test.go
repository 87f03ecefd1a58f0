package peers

import (
	"bytes"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/bailey-go/bailey/testdata/peers/orders"
)

// The limit is what its name says only as long as it does bailey's work: both take and
// refuse the same bodies, wherever a body is damaged, and understand the same by them.
func TestLimitIsAsStrictAsBailey(t *testing.T) {
	all := servers(t)
	limit, bailey := all[0], all[1]
	body := orders.JSON(orders.Sample(1))
	taken, refused := 0, 0
	compare := func(damaged []byte) {
		c := Case{Method: http.MethodPost, Target: "/orders", Body: damaged}
		want, got := do(t, bailey, c, bailey.Clear), do(t, limit, c, "")
		switch {
		case want.Status/100 != got.Status/100:
			t.Errorf("limit: %d, bailey: %d %s\n%s", got.Status, want.Status, want.Body, damaged)
		case want.Status >= 300:
			refused++
		case !reflect.DeepEqual(decoded(t, got.Body), decoded(t, want.Body)):
			t.Errorf("limit: %s\nbailey: %s", got.Body, want.Body)
		default:
			taken++
		}
	}
	for i := range body {
		if t.Failed() {
			return
		}
		compare(slices.Concat(body[:i], body[i+1:]))
		for _, text := range []string{`"`, `\`, `0`, `}`, `,`, ` `, "\x00", "\xc3", "é", `\u00e9`, `\ud83d\ude00`} {
			compare(slices.Concat(body[:i], []byte(text), body[i:]))
			compare(slices.Concat(body[:i], []byte(text), body[i+1:]))
		}
	}
	t.Logf("%d damaged bodies are refused, %d are still good", refused, taken)
	if taken < 1000 || refused < 10_000 {
		t.Error("the damage is one-sided")
	}
	compare(bytes.ReplaceAll(body, []byte(","), []byte(" ,\r\n\t")))
}
