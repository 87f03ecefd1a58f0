// Package nethttp serves the orders API with net/http and encoding/json alone, the way
// it is written by hand when nobody has validation in mind: what Go's own types do not
// refuse gets through.
package nethttp

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"github.com/bailey-go/bailey/testdata/peers/orders"
)

// New returns the server.
func New() http.Handler {
	s := &server{stored: orders.Sample(0)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", s.get)
	mux.HandleFunc("POST /orders", create)
	mux.HandleFunc("POST /orders/bulk", createAll)
	return mux
}

type server struct{ stored orders.Order }

func (s *server) get(w http.ResponseWriter, r *http.Request) {
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	query := r.URL.Query()
	o := s.stored
	o.ID = id
	if currency := query.Get("currency"); currency != "" {
		o.Currency = currency
	}
	if text := query.Get("items"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if 0 < n && n < len(o.Items) {
			o.Items = o.Items[:n]
		}
	}
	if text := query.Get("note"); text != "" {
		show, err := strconv.ParseBool(text)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if !show {
			o.Note = nil
		}
	}
	reply(w, http.StatusOK, &o)
}

func create(w http.ResponseWriter, r *http.Request) {
	var o orders.Order
	if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	reply(w, http.StatusCreated, &o)
}

func createAll(w http.ResponseWriter, r *http.Request) {
	var all []orders.Order
	if err := json.NewDecoder(r.Body).Decode(&all); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	placed := orders.Placed{Count: int64(len(all))}
	for i := range all {
		placed.Total += all[i].Total
	}
	reply(w, http.StatusOK, placed)
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client is gone: nobody is left to tell
}
