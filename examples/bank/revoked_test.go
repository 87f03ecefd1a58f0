package main

import (
	"testing"
)

// TestRevoked ends tokens: one by its jti, at the provider that issued it, and all of a customer.
func TestRevoked(t *testing.T) {
	b := serveBank(t, quiet)
	wallet := b.wallet(nil)
	first, second := must(wallet.token(ada, "", "accounts:read"))(t), must(wallet.token(ada, "", "accounts:read"))(t)
	hers := b.browser()
	if err := hers.logIn(ada); err != nil {
		t.Fatal(err)
	}
	tokens := must(makeTokens(b))(t)
	b.expect(t, accountsWith("the first", first, 200), accountsWith("the second", second, 200))
	if err := wallet.revoke(first); err != nil {
		t.Fatal(err)
	}
	me := row{title: "her session", method: "GET", path: "/web/me", header: map[string]string{"Cookie": hers.cookie()}, want: 200}
	b.expect(t, accountsWith("the first, revoked", first, 401), accountsWith("the second", second, 200), me)

	lock := row{title: "lock", method: "POST", path: "/customers/" + ada.subject + "/lock", token: tokens.ada, want: 401}
	b.expect(t, lock)
	lock.token, lock.want = tokens.trainee, 403
	b.expect(t, lock)
	lock.token, lock.want = tokens.clerk, 204
	b.expect(t, lock)
	me.want = 401
	others := row{title: "another customer", method: "GET", path: "/customers/" + grace.subject, token: tokens.grace, want: 200}
	b.expect(t, accountsWith("the second, after the customer was locked out", second, 401), me, others)
}

// TestIssuers: each issuer speaks for its own people alone, whatever its tokens say.
func TestIssuers(t *testing.T) {
	b := serveBank(t, quiet)
	find := func(title, token string, want int) row {
		return row{title: title, method: "GET", path: "/admin/customers?name=ace", token: token, header: map[string]string{"X-Reason": "a telephone call"}, want: want}
	}
	staff := b.staff.claims("clerk-7", "bank:staff")
	staff["roles"], staff["acr"] = []string{"clerk"}, "mfa"
	b.expect(t,
		find("the staff's issuer", must(b.staff.keys.Sign("at+jwt", staff))(t), 200),
		find("the customers' issuer", must(b.login.issueAs("clerk-7", []string{"clerk"}, "mfa", "bank:staff"))(t), 401),
		find("the customers' issuer in the staff's name", must(b.login.keys.Sign("at+jwt", staff))(t), 401),
		find("by way of the login form", must(b.desk().token(clerk, "mfa", "bank:staff"))(t), 200),
	)
}
