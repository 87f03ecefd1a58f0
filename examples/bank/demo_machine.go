package main

import (
	"errors"
)

// machineRows are about client certificates: of the bank's own machines, and those that tokens are bound to.
func machineRows(b *instance, t tokens) ([]row, error) {
	stranger, err := newAuthority("somebody else")
	if err != nil {
		return nil, err
	}
	machine := func(a *authority, id string) func(row) row {
		certificate, e := a.machine(id)
		err = errors.Join(err, e)
		return func(r row) row { r.certificate = &certificate; return r }
	}
	statements := machine(b.machines, "spiffe://bank.example/statements")
	terminal := machine(b.machines, "spiffe://bank.example/terminals/7-2")
	export := func(title string, want int) row {
		return row{title: title, method: "GET", path: "/exports/accounts", want: want}
	}
	forwarded := export("a certificate that stands in a header", 401)
	forwarded.header = map[string]string{"X-Forwarded-Client-Cert": "URI=spiffe://bank.example/statements"}
	closing := func(title, token string, want int) row {
		return row{title: title, method: "DELETE", path: "/accounts/AC00000003", token: token, want: want}
	}
	rows := []row{
		statements(export("the export, for the machine that prints statements", 200)),
		export("the export without a certificate", 401),
		forwarded,
		terminal(export("the export at a terminal", 403)),
		machine(b.machines, "spiffe://bank.example/cleaning")(export("a machine that is on no list", 401)),
		machine(b.machines, "spiffe://evil.example/statements")(export("a machine of another trust domain", 401)),
		machine(stranger, "spiffe://bank.example/statements")(export("a certificate of another authority", 401)),

		terminal(closing("close an account with money on it, at a terminal", t.staff, 409)),
		closing("the same, but not at a terminal", t.staff, 401),
		terminal(closing("the same at a terminal without a clerk", "", 401)),
		statements(closing("the same at a machine that is no terminal", t.staff, 403)),
	}
	more, e := b.clearingRows(stranger)
	return append(rows, more...), errors.Join(err, e)
}

// clearingRows are about a token that is bound to the certificate of the connection on which it was asked for.
func (t *town) clearingRows(authority *authority) ([]row, error) {
	mine, err := authority.machine("spiffe://clearing.example/settlement")
	thief, e := authority.machine("spiffe://clearing.example/settlement")
	if err = errors.Join(err, e); err != nil {
		return nil, err
	}
	bound, err := t.clearing(mine).own("settlements:write")
	free, e := t.login.issue(clearingClient, "settlements:write")
	settle := func(title, token string, want int) row {
		return row{title: title, method: "POST", path: "/settlements", token: token, kind: "application/json", want: want,
			body: `{"batch":"B20260301","total":{"amount":1000,"currency":"EUR"}}`}
	}
	with := settle("a batch of the clearing house, over its connection", bound, 204)
	again := settle("the same batch again", bound, 409)
	stolen := settle("its token over the connection of somebody else", bound, 401)
	with.certificate, again.certificate, stolen.certificate = &mine, &mine, &thief
	unbound := settle("a token that is bound to nothing", free, 401)
	unbound.certificate = &mine
	return []row{with, again, stolen, settle("its token without a certificate", bound, 401), unbound}, errors.Join(err, e)
}
