package main

import (
	"errors"
)

// programRows are about the credentials of programs: API keys, passwords, and tokens about which the bank asks.
func programRows(b *instance, t tokens) ([]row, error) {
	partner, err := b.partner().own("events:write")
	reader, e := b.partner().own("events:read")
	report := func(title, key string, want int, has ...string) row {
		return row{title: title, method: "GET", path: "/reports/daily", key: key, want: want, has: has}
	}
	metrics := func(title, user, secret string, want int, has ...string) row {
		return row{title: title, method: "GET", path: "/metrics", user: user, secret: secret, want: want, has: has}
	}
	event := func(title, token string, want int) row {
		return row{title: title, method: "POST", path: "/partners/events", token: token, kind: "application/json",
			body: `{"type":"paid","at":"2026-03-01T10:00:00Z","extra":{"a":1}}`, want: want}
	}
	staff, both := report("the daily report as staff", "", 200, "for branch 7"), report("the daily report with a key, beside a token that is not good", b.batchKey, 200)
	staff.token, both.token = t.staff, t.expired
	return []row{
		report("the daily report with a key", b.batchKey, 200, "checking EUR"),
		report("the daily report with a wrong key", "bank_00000000000000000000000000000000", 401),
		staff, both,
		metrics("the metrics with a password", toolsUser, b.tools, 200, "bank_customers 2"),
		metrics("the metrics with a wrong one", toolsUser, "wrong password", 401, `Basic realm="bank tools"`),
		metrics("the metrics for a user who is not known", "nobody", b.tools, 401),
		metrics("the metrics without a password", "", "", 401),
		event("a partner's event with members nobody named", partner, 204),
		event("a partner's event with a token for something else", reader, 403),
		event("a partner's event with a token that its issuer does not know", "an-opaque-token-that-nobody-issued", 401),
		event("a partner's event with a customer's token, which the issuer confirms", t.ada, 403),
	}, errors.Join(err, e)
}
