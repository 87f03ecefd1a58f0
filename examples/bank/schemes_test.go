package main

import (
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
)

// TestAPIKey is about the key of batch jobs: it is good until it is revoked.
func TestAPIKey(t *testing.T) {
	b := serveBank(t, quiet)
	report := func(title, key string, want int) row {
		return row{title: title, method: "GET", path: "/reports/daily", key: key, want: want}
	}
	other := b.batchKey[:len(b.batchKey)-1] + "0"
	if other == b.batchKey {
		other = b.batchKey[:len(b.batchKey)-1] + "1"
	}
	b.expect(t, report("the key", b.batchKey, 200), report("another one", other, 401), report("none", "", 401),
		row{title: "the key as a bearer token", method: "GET", path: "/reports/daily", token: b.batchKey, want: 401},
		row{title: "the key where it means nothing", method: "GET", path: "/metrics", key: b.batchKey, want: 401})
	if !b.keyring.revoke(strings.TrimPrefix(b.batchKey, "bank_")[:16]) {
		t.Fatal("there is no such key")
	}
	b.expect(t, report("the key after it was revoked", b.batchKey, 401))
}

// TestBasic is about the password of tools, which goes over TLS and nothing else.
func TestBasic(t *testing.T) {
	b := serveBank(t, quiet)
	metrics := func(title, user, secret string, want int, has ...string) row {
		return row{title: title, method: "GET", path: "/metrics", user: user, secret: secret, want: want, has: has}
	}
	b.expect(t,
		metrics("right", toolsUser, b.tools, 200, "bank_customers 2"),
		metrics("a wrong password", toolsUser, b.tools+"x", 401, `Basic realm="bank tools"`),
		metrics("a user who is not known", "mallory", b.tools, 401),
		metrics("another case", strings.ToUpper(toolsUser), b.tools, 401),
		metrics("nothing", "", "", 401, `Basic realm="bank tools"`),
		row{title: "a page of another site", method: "GET", path: "/reports/daily", user: toolsUser, secret: b.tools, want: 401},
	)
	conn := must(net.Dial("tcp", b.names["api.bank.example:443"]))(t)
	defer conn.Close()
	_, err := io.WriteString(conn, "GET /metrics HTTP/1.1\r\nHost: api.bank.example\r\nConnection: close\r\n\r\n")
	answer, e := io.ReadAll(conn)
	if err != nil || e != nil || !strings.HasPrefix(string(answer), "HTTP/1.0 400") {
		t.Errorf("without TLS: %q, %v, %v", answer, err, e)
	}
}

// TestMachine is about certificates of the bank's own machines: who signed them, whom they name, and what those may do.
func TestMachine(t *testing.T) {
	b := serveBank(t, quiet)
	stranger := must(newAuthority("somebody else"))(t)
	export := func(title string, a *authority, id string, want int) row {
		certificate := must(a.machine(id))(t)
		return row{title: title, method: "GET", path: "/exports/accounts", certificate: &certificate, want: want}
	}
	server := must(b.web.server("api.bank.example"))(t)
	b.expect(t,
		export("the machine", b.machines, "spiffe://bank.example/statements", 200),
		export("a terminal, which has another role", b.machines, "spiffe://bank.example/terminals/7", 403),
		export("a machine below it", b.machines, "spiffe://bank.example/statements/2", 401),
		export("a machine on no list", b.machines, "spiffe://bank.example/cleaning", 401),
		export("another trust domain", b.machines, "spiffe://evil.example/statements", 401),
		export("another authority", stranger, "spiffe://bank.example/statements", 401),
		export("the authority of the web", b.web, "spiffe://bank.example/statements", 401),
		row{title: "a server's certificate", method: "GET", path: "/exports/accounts", certificate: &server, want: 401},
		row{title: "none", method: "GET", path: "/exports/accounts", want: 401},
		row{title: "none but a header", method: "GET", path: "/exports/accounts", header: map[string]string{"X-Client-Cert": "spiffe://bank.example/statements"}, want: 401},
	)
}

// TestIntrospection is about tokens that say nothing: the bank asks about each, each time.
func TestIntrospection(t *testing.T) {
	b := serveBank(t, quiet)
	partner := b.partner()
	first, second := must(partner.own("events:write"))(t), must(partner.own("events:write"))(t)
	reader := must(partner.own("events:read"))(t)
	event := func(title, token string, want int) row {
		return row{title: title, method: "POST", path: "/partners/events", token: token, kind: "application/json", body: `{"type":"paid","at":"2026-03-01T10:00:00Z"}`, want: want}
	}
	b.expect(t, event("good", first, 204), event("for something else", reader, 403), event("nobody's", strings.Repeat("A", 52), 401), event("none", "", 401))
	if err := partner.revoke(first); err != nil {
		t.Fatal(err)
	}
	b.expect(t, event("revoked", first, 401), event("another one", second, 204))
	b.login.broken.Store(true)
	b.expect(t, event("nobody can be asked", second, 503))
	b.login.broken.Store(false)
	b.expect(t, event("somebody can be asked again", second, 204))
}

// TestRequirements puts schemes together: either (OR), both (AND), or nothing ({}).
func TestRequirements(t *testing.T) {
	b := serveBank(t, quiet)
	tokens := must(makeTokens(b))(t)
	hers := b.browser()
	if err := hers.logIn(ada); err != nil {
		t.Fatal(err)
	}
	terminal, statements := must(b.machines.machine("spiffe://bank.example/terminals/7"))(t), must(b.machines.machine("spiffe://bank.example/statements"))(t)
	customer := func(title, token, cookie string, want int) row {
		return row{title: title, method: "GET", path: "/customers/" + ada.subject, token: token, header: map[string]string{"Cookie": cookie}, want: want}
	}
	closing := func(title, token string, certificate *tls.Certificate, want int) row {
		return row{title: title, method: "DELETE", path: "/accounts/AC00000001", token: token, certificate: certificate, want: want}
	}
	rates := func(title, token string, want int, has ...string) row {
		return row{title: title, method: "GET", path: "/rates", token: token, want: want, has: has}
	}
	b.expect(t,
		customer("OR: a customer's token", tokens.ada, "", 200), customer("OR: a token of the staff", tokens.staff, "", 200), customer("OR: a session", "", hers.cookie(), 200),
		customer("OR: nothing", "", "", 401), customer("OR: a token without the scope", tokens.reader, "", 403),
		closing("AND: both", tokens.staff, &terminal, 409), closing("AND: a token alone", tokens.staff, nil, 401), closing("AND: a terminal alone", "", &terminal, 401),
		closing("AND: a machine of another role", tokens.staff, &statements, 403), closing("AND: a token without the scopes", tokens.clerk, &terminal, 403),
		closing("AND: a customer's token", tokens.ada, &terminal, 401),
		rates("{}: nobody", "", 200, "5.90"), rates("{}: a customer", tokens.ada, 200, "4.90"), rates("{}: a bad token", tokens.expired, 401),
	)
}

// TestFilter: what of a list a clerk sees is the branch's; who has no branch sees nothing, and is told so.
func TestFilter(t *testing.T) {
	b := serveBank(t, quiet)
	find := func(title string, branch any, role string, want int, has, lacks []string) row {
		c := b.staff.claims("somebody", "bank:staff")
		c["roles"], c["acr"], c["branch"] = []string{role}, "mfa", branch
		if branch == nil {
			delete(c, "branch")
		}
		return row{title: title, method: "GET", path: "/admin/customers?name=ace", token: must(b.staff.keys.Sign("at+jwt", c))(t),
			header: map[string]string{"X-Reason": "a telephone call"}, want: want, has: has, lacks: lacks}
	}
	b.expect(t,
		find("a clerk of branch 7", 7, "clerk", 200, []string{"Lovelace"}, []string{"Hopper"}),
		find("a clerk of branch 9", 9, "clerk", 200, []string{"Hopper"}, []string{"Lovelace"}),
		find("a clerk of another branch", 8, "clerk", 200, []string{"[]"}, []string{"Hopper", "Lovelace"}),
		find("a clerk of no branch", nil, "clerk", 403, nil, []string{"Hopper", "Lovelace"}),
		find("an auditor of no branch", nil, "auditor", 200, []string{"Hopper", "Lovelace"}, nil),
	)
}
