package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestSession logs in at the provider by the bank's pages, and has a session that ends when she says so.
func TestSession(t *testing.T) {
	b := serveBank(t, quiet)
	hers := b.browser()
	if err := hers.logIn(ada); err != nil {
		t.Fatal(err)
	}
	cookie := hers.cookies["__Host-session"]
	me := func(title, cookie string, want int, has ...string) row {
		return row{title: title, method: "GET", path: "/web/me", header: map[string]string{"Cookie": "__Host-session=" + cookie}, want: want, has: has}
	}
	b.expect(t, me("who she is", cookie, 200, ada.subject, `"tenant":"bank"`), me("a guess", strings.Repeat("A", 43), 401), me("no cookie", "", 401))
	if err := hers.logIn(ada); err != nil {
		t.Fatal(err)
	}
	next := hers.cookies["__Host-session"]
	if next == cookie {
		t.Error("the second session has the number of the first")
	}
	logout := row{title: "she logs out", method: "POST", path: "/web/logout", header: map[string]string{"Cookie": "__Host-session=" + next}, want: 204,
		has: []string{"__Host-session=;", "Max-Age=0"}}
	b.expect(t, logout, me("after that", next, 401), me("the other session", cookie, 200))
	if err := b.sessions.EndAll(t.Context(), ada.subject); err != nil {
		t.Fatal(err)
	}
	b.expect(t, me("after all of them ended", cookie, 401))
}

// TestLoginAnswers brings back answers that are not to what the browser asked, or not the provider's. None begins a session, and a
// wrong one does not keep the right one from it.
func TestLoginAnswers(t *testing.T) {
	b := serveBank(t, quiet)
	victim := b.browser()
	if _, err := victim.begin(); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		change func(q url.Values, browser *browser)
		want   int
	}{
		{"a wrong state", func(q url.Values, _ *browser) { q.Set("state", strings.Repeat("A", 43)) }, 400},
		{"no state", func(q url.Values, _ *browser) { q.Del("state") }, 400},
		{"another provider", func(q url.Values, _ *browser) { q.Set("iss", staffName) }, 400},
		{"no provider", func(q url.Values, _ *browser) { q.Del("iss") }, 400},
		{"an error", func(q url.Values, _ *browser) { q.Set("error", "access_denied") }, 400},
		{"no code", func(q url.Values, _ *browser) { q.Del("code") }, 400},
		{"a code that nobody gave", func(q url.Values, _ *browser) { q.Set("code", "ABCDEFGHIJKLMNOPQRSTUVWXYZ") }, 400},
		{"in a browser that did not ask", func(_ url.Values, browser *browser) { browser.cookies = map[string]string{} }, 400},
		{"in the browser of somebody who asked, too", func(_ url.Values, browser *browser) { browser.cookies = victim.cookies }, 400},
		{"the right one", func(url.Values, *browser) {}, 303},
	} {
		t.Run(test.name, func(t *testing.T) {
			hers := b.browser()
			page := must(hers.begin())(t)
			back := must(ada.logIn(b.plain, page, false))(t)
			test.change(back, hers)
			status, header, err := hers.get(webCallback + "?" + back.Encode())
			if began := strings.Contains(header.Get("Set-Cookie"), "__Host-session="); err != nil || status != test.want || began != (test.want == 303) {
				t.Errorf("%d, a session: %v, %v; want %d", status, began, err, test.want)
			}
		})
	}
	if err := b.browser().logIn(nobody); err == nil {
		t.Error("who is no customer has a session")
	}
}

// TestForeignPages: a browser sends its cookie whatever page makes it; the bank does what its own pages ask for alone.
func TestForeignPages(t *testing.T) {
	b := serveBank(t, quiet)
	hers := b.browser()
	if err := hers.logIn(ada); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		field string
		value string
		want  int
	}{
		{"its own page", "Sec-Fetch-Site", "same-origin", 200},
		{"its own page, in an older browser", "Origin", apiName, 200},
		{"a page of another site", "Sec-Fetch-Site", "cross-site", 403},
		{"a page of a neighbour", "Sec-Fetch-Site", "same-site", 403},
		{"a page of another site, in an older browser", "Origin", "https://evil.example", 403},
		{"a page without an origin", "Origin", "null", 403},
	} {
		header := map[string]string{"Cookie": hers.cookie(), test.field: test.value}
		b.expect(t, row{title: test.name + " changes her name", method: "PATCH", path: "/customers/" + ada.subject, header: header,
			kind: "application/json", body: `{"name":"Ada"}`, want: test.want})
	}
	b.expect(t, row{title: "a page of another site logs her out", method: "POST", path: "/web/logout", want: 403,
		header: map[string]string{"Cookie": hers.cookie(), "Sec-Fetch-Site": "cross-site"}},
		row{title: "she is still there", method: "GET", path: "/web/me", header: map[string]string{"Cookie": hers.cookie()}, want: 200})
}

// TestLoginWithoutProvider says so, and nobody has to start again because of it.
func TestLoginWithoutProvider(t *testing.T) {
	b := serveBank(t, quiet)
	b.login.broken.Store(true)
	b.expect(t, row{title: "the provider is down", method: "GET", path: "/web/login", want: http.StatusServiceUnavailable})
	b.login.broken.Store(false)
	hers := b.browser()
	page := must(hers.begin())(t)
	back := must(ada.logIn(b.plain, page, false))(t)
	b.login.broken.Store(true)
	if status, _, err := hers.get(webCallback + "?" + back.Encode()); err != nil || status != http.StatusServiceUnavailable {
		t.Errorf("the provider is down when she comes back: %d, %v", status, err)
	}
	b.login.broken.Store(false)
	if status, _, err := hers.get(webCallback + "?" + back.Encode()); err != nil || status != http.StatusSeeOther {
		t.Errorf("the same a little later: %d, %v", status, err)
	}
}
