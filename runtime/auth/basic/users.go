package basic

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/internal/keyfile"
)

// A User is who may authenticate.
type User struct {
	// Name is what the caller says; at most 128 bytes of UTF-8 without colon and control characters.
	Name string
	// Hash is the password's.
	Hash *Hash
	// Subject is whom the user stands for; empty means Name.
	Subject string
	// Scopes are what the user is granted, Roles what they are.
	Scopes, Roles []string
	// Expires is when the account ends; zero means that it does not.
	Expires time.Time
	// Disabled users are refused.
	Disabled bool
}

// check returns why u is not a usable user.
func (u *User) check() error {
	switch {
	case !isName(u.Name):
		return errors.New("basic: a user whose name is empty, too long, not UTF-8, or has a colon or control characters")
	case u.Hash == nil:
		return fmt.Errorf("basic: user %q: no hash", u.Name)
	case len(u.Subject) > 255 || len(u.Scopes) > maxGrants || len(u.Roles) > maxGrants:
		return fmt.Errorf("basic: user %q: a subject of more than 255 bytes, or more than %d scopes or roles", u.Name, maxGrants)
	}
	for _, s := range u.Scopes {
		if !auth.IsScopeToken(s) {
			return fmt.Errorf("basic: user %q: a scope is not a scope-token (RFC 6749, section 3.3)", u.Name)
		}
	}
	return nil
}

// isName reports whether s can be a user-id (RFC 7617, section 2).
func isName(s string) bool {
	if s == "" || len(s) > MaxName || !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r == ':' || unicode.IsControl(r) {
			return false
		}
	}
	return true
}

// Users finds users by name, byte by byte. It must be safe for concurrent use, and what it returns must not be changed
// afterwards: return a new *User for a changed one. An error means that it cannot answer; the request is refused as
// unavailable. It must come in bounded time.
//
// A wrong password takes as much work as the costliest hash among the users', whether the user exists
// or not. Users that have a method
//
//	Costliest() *Hash
//
// say which that is (nil: there is none); those of [Static] and [OpenFile] do. Of others, it is the
// costliest that Lookup has returned so far: give all users hashes of the same parameters, or their
// first question tells that a user with a costlier one exists.
type Users interface {
	Lookup(ctx context.Context, name string) (*User, bool, error)
}

const (
	maxUsers  = 10_000
	maxGrants = 1000
	maxFile   = 16 << 20
)

// table is a list of users, and the costliest of their hashes.
type table struct {
	byName    map[string]*User
	costliest *Hash
}

// Static returns these users, which it copies, or all that is wrong with them. There are at most 10,000.
func Static(users ...User) (Users, error) {
	t, err := newTable(users)
	if err != nil {
		return nil, err
	}
	return t, nil
}

func newTable(users []User) (table, error) {
	if len(users) > maxUsers {
		return table{}, fmt.Errorf("basic: more than %d users", maxUsers)
	}
	var errs []error
	t := table{byName: make(map[string]*User, len(users))}
	for i := range users {
		u := users[i]
		if err := u.check(); err != nil {
			errs = append(errs, err)
		} else if t.byName[u.Name] != nil {
			errs = append(errs, fmt.Errorf("basic: two users with the name %q", u.Name))
		}
		t.byName[u.Name] = &u
		if u.Hash != nil && (t.costliest == nil || u.Hash.work() > t.costliest.work()) {
			t.costliest = u.Hash
		}
	}
	return t, errors.Join(errs...)
}

// Lookup implements [Users].
func (t table) Lookup(_ context.Context, name string) (*User, bool, error) {
	u, ok := t.byName[name]
	return u, ok, nil
}

// Costliest implements what [Users] says of it.
func (t table) Costliest() *Hash { return t.costliest }

// File returns the users in a file, as [OpenFile] does with its defaults.
func File(path string) (Users, error) { return OpenFile(UserFile{Path: path}) }

// UserFile describes a file of users: JSON of at most 16 MiB and 10,000 users, read strictly:
//
//	{"users": [{"name": "prometheus", "hash": "$argon2id$v=19$m=65536,t=3,p=4$...", "scopes": ["metrics:read"]}]}
//
// with subject, roles, expires (RFC 3339) and disabled if need be. The file must be a regular one that not everyone may write. It
// is looked at again by one of the requests, at most once per Interval; write a new one beside it and rename that. If it cannot be read then, [Policy.Report]
// is told and the users read last stay in force for Keep; then everybody is refused as unavailable.
type UserFile struct {
	Path string
	// Interval is the least time between two looks; 0 means 10 seconds.
	Interval time.Duration
	// Keep is how long users stay in force that could not be confirmed; 0 means 1 hour.
	Keep time.Duration
	// Clock replaces time.Now.
	Clock func() time.Time
}

// OpenFile reads the file and returns its users, or why it cannot be used.
func OpenFile(f UserFile) (Users, error) {
	if f.Clock == nil {
		f.Clock = time.Now
	}
	live, err := keyfile.OpenLive(keyfile.LiveConfig{Path: f.Path, Max: maxFile, Interval: f.Interval, Keep: f.Keep}, f.Clock(), parseFile)
	if err != nil {
		return nil, fmt.Errorf("basic: file of users: %w", err)
	}
	return &fileUsers{live, f.Clock}, nil
}

type fileUsers struct {
	*keyfile.Live[table]
	clock func() time.Time
}

// Lookup implements [Users].
func (f *fileUsers) Lookup(ctx context.Context, name string) (*User, bool, error) {
	t, err := f.Get(f.clock())
	if err != nil {
		return nil, false, fmt.Errorf("basic: file of users: %w", err)
	}
	return t.Lookup(ctx, name)
}

// Costliest implements what [Users] says of it.
func (f *fileUsers) Costliest() *Hash {
	t, err := f.Get(f.clock())
	if err != nil {
		return nil // and Lookup fails, too
	}
	return t.costliest
}

var (
	fileMembers = wire.NewKeys([]string{"users"}, nil)
	userMembers = wire.NewKeys([]string{"name", "hash", "subject", "scopes", "roles", "expires", "disabled"}, nil)
)

func parseFile(text []byte) (table, error) {
	var (
		d      wire.Decoder
		users  []User
		hashes []error
		seen   uint64
	)
	d.Reset(string(text), wire.Limits{Depth: 4})
	user := func(d *wire.Decoder, u *User) {
		if err := decodeUser(d, u); err != nil {
			hashes = append(hashes, fmt.Errorf("user %d: %w", len(users)+1, err))
		}
	}
	for f := d.Object(fileMembers, wire.Refuse); f >= 0; f = d.Next(fileMembers, f) {
		if d.First(&seen, f) {
			wire.Array(&d, &users, maxUsers, user)
		}
	}
	d.Require(seen, 0b1, fileMembers)
	d.End()
	if err := errors.Join(append(hashes, d.Err())...); err != nil {
		return table{}, err
	}
	if len(users) == 0 {
		return table{}, errors.New("no user")
	}
	return newTable(users)
}

func decodeUser(d *wire.Decoder, u *User) (err error) {
	var seen uint64
	for f := d.Object(userMembers, wire.Refuse); f >= 0; f = d.Next(userMembers, f) {
		if !d.First(&seen, f) {
			continue
		}
		switch f {
		case 0:
			u.Name = d.String()
		case 1:
			u.Hash, err = ParseHash(d.String())
		case 2:
			u.Subject = d.String()
		case 3:
			wire.Array(d, &u.Scopes, maxGrants, wire.DecodeString)
		case 4:
			wire.Array(d, &u.Roles, maxGrants, wire.DecodeString)
		case 5:
			if u.Expires = d.Time(); u.Expires.IsZero() {
				d.Refuse("minimum") // the zero time means never
			}
		case 6:
			u.Disabled = d.Bool()
		}
	}
	d.Require(seen, 0b11, userMembers)
	return err
}
