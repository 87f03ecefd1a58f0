package event_test

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/bailey-go/bailey/runtime/event"
)

// alerts prints the events that it gets.
type alerts struct{}

func (alerts) Record(_ context.Context, e *event.Event) {
	fmt.Println(e.Name, e.Rule, e.Address, e.Count)
}

// A sink gets each refusal. Summarize bounds the events of a flood: the first ones in full, and then one event with
// their count.
func ExampleSummarize() {
	sink := event.Summarize(alerts{}, event.Limits{Full: 2})
	for range 1000 {
		sink.Record(context.Background(), &event.Event{
			Name: event.AuthnFail, Rule: "jwt-expired", Address: netip.MustParseAddr("192.0.2.7"),
		})
	}
	sink.Flush()
	// Output:
	// authn_login_fail jwt-expired 192.0.2.7 0
	// authn_login_fail jwt-expired 192.0.2.7 0
	// authn_login_fail jwt-expired 192.0.2.7 998
}
