package idp

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"hash/maphash"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/time/rate"
)

// A User is who can log in.
type User struct {
	// Name is what they type, Password what proves that it is they.
	Name     string
	Password Password
	// Seed is that of their second factor (RFC 6238), at least 16 bytes; none means that they have no second factor.
	Seed []byte
	// Subject names them in tokens: unique, and never given to somebody else.
	Subject string
	// Scopes are what they may be granted.
	Scopes []string
	// Claims are what their tokens say about them beside that: roles, a tenant.
	Claims map[string]any
}

// A Password is a hash of one (argon2id, RFC 9106).
type Password struct{ salt, hash []byte }

// HashPassword hashes a password under a salt of its own.
func HashPassword(clear string) Password {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	return Password{salt, hashed(clear, salt)}
}

// hashed takes 19 MiB and two passes, the least that OWASP's Password Storage Cheat Sheet has.
func hashed(clear string, salt []byte) []byte {
	return argon2.IDKey([]byte(clear), salt, 2, 19<<10, 1, 32)
}

// Format keeps the hash out of whatever is printed.
func (Password) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("idp.Password")) }

func (p Password) is(clear string) bool {
	return subtle.ConstantTimeCompare(hashed(clear, p.salt), p.hash) == 1
}

// logins finds out who somebody is, and slows down who guesses.
type logins struct {
	users map[string]User
	dummy Password      // what the password of nobody is compared with, so that nobody takes as long as somebody
	turns chan struct{} // bounds the hashes in progress

	seed    maphash.Seed
	buckets [1024]*rate.Limiter // of attempts, by name; so many names share one that their number is bounded, whoever invents them

	mu   sync.Mutex
	used map[string]int64 // the last TOTP step of each user, which is good once
}

func newLogins(users []User) *logins {
	l := &logins{users: map[string]User{}, dummy: HashPassword(rand.Text()), turns: make(chan struct{}, 4), seed: maphash.MakeSeed(), used: map[string]int64{}}
	for _, u := range users {
		l.users[u.Name] = u
	}
	for i := range l.buckets {
		l.buckets[i] = rate.NewLimiter(rate.Every(10*time.Second), 5)
	}
	return l
}

// attempt counts one for a name, unless there were too many. Who turns out to be right forgets it, so that only failures add up.
func (l *logins) attempt(name string, now time.Time) (forget func(), ok bool) {
	r := l.buckets[maphash.String(l.seed, name)%uint64(len(l.buckets))].ReserveN(now, 1)
	if r.DelayFrom(now) > 0 {
		r.CancelAt(now)
		return nil, false
	}
	return func() { r.CancelAt(now) }, true
}

// login returns the user if the password is theirs and, where a second factor was asked for, so is the code. Which of them is wrong it
// does not say, and a code is used up only by who knows the password.
func (l *logins) login(ctx context.Context, name, password, code string, second bool, now time.Time) (User, bool) {
	select {
	case l.turns <- struct{}{}:
		defer func() { <-l.turns }()
	case <-ctx.Done():
		return User{}, false
	}
	u, known := l.users[name]
	if !known {
		u.Password = l.dummy
	}
	good := u.Password.is(password) && known
	return u, good && (!second || l.code(u, code, now))
}
