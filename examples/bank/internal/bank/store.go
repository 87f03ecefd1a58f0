// Package bank is the business of the example: accounts, transfers and customers in
// memory. It holds no line about tokens, scopes, limits or validation: all of that
// comes from openapi.yaml.
package bank

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// The reasons why the bank does not do what it is asked.
var (
	ErrNotFound = errors.New("bank: no such thing")
	ErrFunds    = errors.New("bank: not enough money")
	ErrNotEmpty = errors.New("bank: the account is not empty")
	ErrBooked   = errors.New("bank: the batch was booked before")
)

// Customer is who owns accounts.
type Customer struct {
	ID        uuid.UUID
	Name      string
	Email     string
	IBAN      string
	TaxNumber string
	Segment   string
	Branch    int64
	Line1     string
	City      string
	Country   string
	CreatedAt time.Time
}

// Account holds money in one currency, in its smallest unit.
type Account struct {
	ID       string
	Owner    uuid.UUID
	Kind     string
	Balance  int64
	Currency string
}

// Store is the bank's books. It is safe for concurrent use.
type Store struct {
	mu        sync.Mutex
	customers map[uuid.UUID]Customer
	accounts  map[string]Account
	settled   map[string]bool
	documents int
	events    int
}

// What others can fill is bounded.
const (
	maxDocuments = 10_000
	maxSettled   = 100_000
)

// The people of the demonstration.
var (
	Ada   = uuid.MustParse("0191c5a4-7d5e-7c2e-9a3b-1f2e3d4c5b6a")
	Grace = uuid.MustParse("0191c5a4-7d5e-7c2e-9a3b-6b5c4d3e2f1a")
)

// NewStore opens the bank with two customers and three accounts.
func NewStore() *Store {
	opened := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s := &Store{
		customers: map[uuid.UUID]Customer{},
		accounts:  map[string]Account{},
		settled:   map[string]bool{},
	}
	s.customers[Ada] = Customer{
		ID: Ada, Name: "Ada Lovelace", Email: "ada@engines.example", IBAN: "GB29NWBK60161331926819", TaxNumber: "UTR 1815121027", Segment: "retail", Branch: 7,
		Line1: "12 St James's Square", City: "London", Country: "GB", CreatedAt: opened,
	}
	s.customers[Grace] = Customer{
		ID: Grace, Name: "Grace Hopper", Email: "grace@navy.example", IBAN: "US64SVBKUS6S3300958879", TaxNumber: "SSN 1906", Segment: "retail", Branch: 9,
		Line1: "1 Navy Yard", City: "Arlington", Country: "US", CreatedAt: opened.Add(time.Hour),
	}
	for _, a := range []Account{
		{ID: "AC00000001", Owner: Ada, Kind: "checking", Balance: 250_000, Currency: "EUR"},
		{ID: "AC00000002", Owner: Ada, Kind: "savings", Balance: 1_000_000, Currency: "EUR"},
		{ID: "AC00000003", Owner: Grace, Kind: "checking", Balance: 90_000, Currency: "USD"},
	} {
		s.accounts[a.ID] = a
	}
	return s
}

// Customer returns a customer.
func (s *Store) Customer(id uuid.UUID) (Customer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.customers[id]
	if !ok {
		return Customer{}, ErrNotFound
	}
	return c, nil
}

// Update changes a customer with change, under the store's lock.
func (s *Store) Update(id uuid.UUID, change func(*Customer)) (Customer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.customers[id]
	if !ok {
		return Customer{}, ErrNotFound
	}
	change(&c)
	s.customers[id] = c
	return c, nil
}

// Search returns the customers whose name contains part, by name, at most 50.
func (s *Store) Search(part string) []Customer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Customer
	for _, c := range s.customers {
		if strings.Contains(strings.ToLower(c.Name), strings.ToLower(part)) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b Customer) int { return cmp.Compare(a.Name, b.Name) })
	return out[:min(len(out), 50)]
}

// Accounts returns the accounts of owner that keep accepts, by number, and how many
// there are beyond limit.
func (s *Store) Accounts(owner uuid.UUID, limit int, keep func(Account) bool) (page []Account, total int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.accounts {
		if a.Owner == owner && keep(a) {
			page = append(page, a)
		}
	}
	slices.SortFunc(page, byNumber)
	return page[:min(len(page), limit)], len(page)
}

func byNumber(a, b Account) int { return cmp.Compare(a.ID, b.ID) }

// AllAccounts returns every account, by number.
func (s *Store) AllAccounts() []Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.accounts), byNumber)
}

// Account returns an account.
func (s *Store) Account(id string) (Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.accounts[id]
	if !ok {
		return Account{}, ErrNotFound
	}
	return a, nil
}

// Close removes an account without money.
func (s *Store) Close(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.accounts[id]
	switch {
	case !ok:
		return ErrNotFound
	case a.Balance != 0:
		return ErrNotEmpty
	}
	delete(s.accounts, id)
	return nil
}

// Transfer moves money out of from, which must belong to owner, and into to when
// that is an account of this bank; to is empty when the money leaves the bank.
func (s *Store) Transfer(owner uuid.UUID, from, to string, amount int64, currency string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.accounts[from]
	if !ok || a.Owner != owner || a.Currency != currency {
		return ErrNotFound
	}
	if a.Balance < amount {
		return ErrFunds
	}
	if to != "" {
		b, ok := s.accounts[to]
		if !ok || b.Currency != currency || to == from {
			return ErrNotFound
		}
		b.Balance += amount
		s.accounts[to] = b
	}
	a.Balance -= amount
	s.accounts[from] = a
	return nil
}

// StoreDocument counts a document in; the example keeps none.
func (s *Store) StoreDocument() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.documents >= maxDocuments {
		return errors.New("bank: the archive is full")
	}
	s.documents++
	return nil
}

// Settle books a batch of the clearing house, once.
func (s *Store) Settle(batch string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.settled[batch] {
		return ErrBooked
	}
	if len(s.settled) >= maxSettled {
		return errors.New("bank: the books are full")
	}
	s.settled[batch] = true
	return nil
}

// Note counts an event of a partner.
func (s *Store) Note() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events++
}

// Totals are the balances of each kind of account, by kind and currency.
func (s *Store) Totals() map[[2]string]int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[[2]string]int64{}
	for _, a := range s.accounts {
		out[[2]string{a.Kind, a.Currency}] += a.Balance
	}
	return out
}

// A Count is how much there is of something.
type Count struct {
	What string
	N    int
}

// Counts are the figures that tools look at.
func (s *Store) Counts() []Count {
	s.mu.Lock()
	defer s.mu.Unlock()
	return []Count{{"accounts", len(s.accounts)}, {"batches", len(s.settled)}, {"customers", len(s.customers)}, {"documents", s.documents}, {"events", s.events}}
}
