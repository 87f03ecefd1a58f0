package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// introduce says what a visitor needs to know, and writes the certificates to a folder, if there is one.
func (b *instance) introduce(out io.Writer, dir string) error {
	fmt.Fprintln(out, "bank: open; these names are on this machine alone:")
	for _, name := range slices.Sorted(maps.Keys(b.names)) {
		fmt.Fprintf(out, "  %-24s %s\n", name, b.names[name])
	}
	staff, err := b.staff.issueAs(clerk.subject, []string{"clerk"}, "mfa", "bank:staff", "customers:read", "accounts:read")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  a batch key (X-Api-Key)  %s\n  tools (HTTP Basic)       %s:%s\n  a token of the staff     %s\n", b.batchKey, toolsUser, b.tools, staff)
	if dir == "" {
		return nil
	}
	machine, err := b.machines.machine("spiffe://bank.example/statements")
	if err != nil {
		return err
	}
	key, err := x509.MarshalPKCS8PrivateKey(machine.PrivateKey)
	write := func(name, kind string, der []byte) error {
		return os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
	}
	return errors.Join(err, write("ca.pem", "CERTIFICATE", b.web.cert.Raw), write("machine.pem", "CERTIFICATE", leaf(machine)), write("machine.key", "PRIVATE KEY", key))
}

func leaf(c tls.Certificate) []byte { return c.Certificate[0] }
