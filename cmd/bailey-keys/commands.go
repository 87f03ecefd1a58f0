package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
)

// grant is the subject, the scopes and the roles of a key, as flags say them.
type grant struct {
	hashKeys, subject, name, expires string
	scopes, roles                    []string
}

func (g *grant) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&g.hashKeys, "hash-keys", "", "the file of hash keys; required")
	f.StringVar(&g.subject, "subject", "", "the caller that the key stands for; required")
	f.StringVar(&g.name, "name", "", "a label for people")
	f.StringSliceVar(&g.scopes, "scope", nil, "a scope that the key grants; may be repeated")
	f.StringSliceVar(&g.roles, "role", nil, "a role of its holder; may be repeated")
	f.StringVar(&g.expires, "expires", "", "when the key ends: 90d, 12h, or a time of RFC 3339; never unless written")
	_ = cmd.MarkFlagRequired("hash-keys")
	_ = cmd.MarkFlagRequired("subject")
}

// apply fills in the grants of a key.
func (g *grant) apply(k *apikey.Key, now time.Time) (err error) {
	k.Subject, k.Name, k.Scopes, k.Roles = g.subject, g.name, g.scopes, g.roles
	if g.expires != "" {
		if k.Expires, err = when(g.expires, now); err != nil {
			return fmt.Errorf("--expires: %w", err)
		}
	}
	return k.Check()
}

// when reads a time of RFC 3339, or a span from now, in whole seconds and in the future.
func when(text string, now time.Time) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		d, bad := span(text)
		if bad != nil {
			return time.Time{}, fmt.Errorf("%q is neither a span such as 90d or 12h nor a time such as 2030-01-31T00:00:00Z", text)
		}
		t = now.Add(d)
	}
	if t = t.UTC().Truncate(time.Second); !t.After(now) {
		return time.Time{}, fmt.Errorf("%s is not in the future", t.Format(time.RFC3339))
	}
	return t, nil
}

// span reads a duration of Go, or days.
func span(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 15)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(text)
}

func (c *command) initTable() *cobra.Command {
	cmd := &cobra.Command{Use: "init", Short: "Make the table of keys in a database", Args: cobra.NoArgs}
	c.where.flags(cmd, false)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		db, _, err := c.where.database()
		if err != nil {
			return err
		}
		defer db.Close()
		ctx, cancel := context.WithTimeout(cmd.Context(), c.where.timeout)
		defer cancel()
		_, err = db.ExecContext(ctx, schema)
		return err
	}
	return cmd
}

func (c *command) issue() *cobra.Command {
	cmd := &cobra.Command{
		Use: "issue", Short: "Make a key, and print it once", Args: cobra.NoArgs,
		Long: "Issue makes a key and prints it, alone, to standard output. Only its hash is stored, so that it cannot be printed again.",
	}
	var g grant
	var prefix string
	g.flags(cmd)
	cmd.Flags().StringVar(&prefix, "prefix", "", "the beginning of the key, as x-bailey-api-key says")
	c.where.flags(cmd, true)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		hash, err := apikey.HashKeyFile(g.hashKeys)
		if err != nil {
			return err
		}
		if err := checkPrefix(prefix); err != nil {
			return err
		}
		clear, k := hash.Generate(prefix)
		if err := g.apply(&k, c.now()); err != nil {
			return err
		}
		return c.with(func(s store) error {
			if err := s.Add(cmd.Context(), k); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "key %s for %s, %s; it is shown this once:\n", k.ID, k.Subject, ends(k))
			fmt.Fprintln(cmd.OutOrStdout(), clear)
			return nil
		})
	}
	return cmd
}

// checkPrefix holds a prefix to what documents can say.
func checkPrefix(s string) error {
	if len(s) > 64 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-") != "" {
		return errors.New("the prefix is not up to 64 letters, digits and characters of . _ ~ -")
	}
	return nil
}

// with runs f with the store.
func (c *command) with(f func(store) error) error {
	s, closer, err := c.where.open(c.now)
	if err != nil {
		return err
	}
	defer closer()
	return f(s)
}

func (c *command) list() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List the keys without their secrets", Args: cobra.NoArgs}
	var subject string
	cmd.Flags().StringVar(&subject, "subject", "", "list the keys of this subject alone")
	c.where.flags(cmd, true)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.with(func(s store) error {
			keys, err := s.List(cmd.Context())
			if err != nil {
				return err
			}
			slices.SortStableFunc(keys, func(a, b apikey.Key) int { return strings.Compare(a.Subject, b.Subject) })
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "ID\tSUBJECT\tNAME\tSCOPES\tROLES\tHASH KEY\tSTATE")
			for _, k := range keys {
				if subject == "" || k.Subject == subject {
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, plain(k.Subject), plain(k.Name), plain(strings.Join(k.Scopes, " ")), plain(strings.Join(k.Roles, ", ")), k.HashKey, c.state(k))
				}
			}
			return w.Flush()
		})
	}
	return cmd
}

// plain is text that cannot disturb a terminal or the table.
func plain(s string) string {
	if s == "" {
		return "-"
	}
	q := strconv.QuoteToGraphic(s)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

func (c *command) state(k apikey.Key) string {
	now := c.now()
	var s string
	switch {
	case k.Revoked:
		return "revoked"
	case !k.Expires.IsZero() && !now.Before(k.Expires):
		return "expired " + k.Expires.Format(time.RFC3339)
	case !k.NotBefore.IsZero() && now.Before(k.NotBefore):
		s = "good from " + k.NotBefore.Format(time.RFC3339) + ", "
	}
	s += ends(k)
	if k.WeakReason != "" {
		s += ", weak: " + plain(k.WeakReason)
	}
	return s
}

func ends(k apikey.Key) string {
	if k.Expires.IsZero() {
		return "never expires"
	}
	return "expires " + k.Expires.Format(time.RFC3339)
}

func (c *command) revoke() *cobra.Command {
	cmd := &cobra.Command{Use: "revoke ID...", Short: "Make keys bad for ever", Args: cobra.MinimumNArgs(1)}
	c.where.flags(cmd, true)
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		return c.with(func(s store) error {
			for _, id := range ids {
				if err := s.Revoke(cmd.Context(), id); err != nil {
					return err
				}
				fmt.Fprintf(cmd.ErrOrStderr(), "key %s is revoked\n", id)
			}
			return nil
		})
	}
	return cmd
}

func (c *command) rotate() *cobra.Command {
	cmd := &cobra.Command{
		Use: "rotate ID", Short: "Make a key that takes the place of another, and print it once", Args: cobra.ExactArgs(1),
		Long: "Rotate makes a key with the grants of another one, and prints it, alone, to standard output. The old one stays good for the overlap.",
	}
	var hashKeys, prefix, overlap, expires string
	f := cmd.Flags()
	f.StringVar(&hashKeys, "hash-keys", "", "the file of hash keys; required")
	f.StringVar(&prefix, "prefix", "", "the beginning of the key, as x-bailey-api-key says")
	f.StringVar(&overlap, "overlap", "1d", "how long the old key stays good: 7d, 12h, at most 90d")
	f.StringVar(&expires, "expires", "", "when the new key ends: 90d, 12h, or a time of RFC 3339; never unless written")
	_ = cmd.MarkFlagRequired("hash-keys")
	c.where.flags(cmd, true)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		hash, err := apikey.HashKeyFile(hashKeys)
		if err != nil {
			return err
		}
		if err := checkPrefix(prefix); err != nil {
			return err
		}
		d, err := span(overlap)
		if err != nil || d <= 0 || d > 90*24*time.Hour {
			return errors.New("--overlap is not a span of at most 90d, such as 12h")
		}
		until := c.now().Add(d).UTC().Truncate(time.Second)
		clear, k := hash.Generate(prefix)
		next := func(old apikey.Key) (apikey.Key, error) {
			g := grant{subject: old.Subject, name: old.Name, scopes: old.Scopes, roles: old.Roles, expires: expires}
			err := g.apply(&k, c.now())
			return k, err
		}
		return c.with(func(s store) error {
			if err := s.Rotate(cmd.Context(), args[0], until, next); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "key %s for %s, %s; %s ends at %s at the latest; the new key is shown this once:\n", k.ID, k.Subject, ends(k), args[0], until.Format(time.RFC3339))
			fmt.Fprintln(cmd.OutOrStdout(), clear)
			return nil
		})
	}
	return cmd
}

// maxImport bounds the keys of one import.
const maxImport = 10_000

func (c *command) importKeys() *cobra.Command {
	cmd := &cobra.Command{
		Use: "import", Short: "Store the hashes of keys that another program made", Args: cobra.NoArgs,
		Long: "Import reads keys from standard input, one a line, and stores their hashes: for schemes with x-bailey-api-key: {opaque: true}. A weak key is\nrefused, and then none is stored.",
	}
	var g grant
	var strength apikey.Strength
	g.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&strength.Prefix, "prefix", "", "the beginning of every key, which is not counted")
	f.IntVar(&strength.Bits, "bits", 0, "how many random bits a key has; without it, the most that its length and alphabet allow")
	f.StringVar(&strength.WeakReason, "weak-reason", "", "why keys of fewer than 16 characters or 64 bits are taken")
	c.where.flags(cmd, true)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		hash, err := apikey.HashKeyFile(g.hashKeys)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(io.LimitReader(c.in, maxImport*257+1))
		if err != nil {
			return err
		}
		var keys []apikey.Key
		n := 0
		for line := range strings.Lines(string(text)) {
			n++
			if line = strings.TrimRight(line, "\r\n"); line == "" {
				continue
			}
			k, err := hash.Import(line, strength)
			if err == nil {
				err = g.apply(&k, c.now())
			}
			if err != nil {
				return fmt.Errorf("line %d: %w", n, err)
			}
			if slices.ContainsFunc(keys, func(other apikey.Key) bool { return other.Hash == k.Hash }) {
				return fmt.Errorf("line %d: the key stands there twice", n)
			}
			keys = append(keys, k)
		}
		if len(keys) == 0 || len(keys) > maxImport {
			return fmt.Errorf("%d keys on standard input; 1 to %d are needed, one a line", len(keys), maxImport)
		}
		return c.with(func(s store) error {
			if err := s.Add(cmd.Context(), keys...); err != nil {
				return err
			}
			for _, k := range keys {
				fmt.Fprintln(cmd.OutOrStdout(), k.ID)
			}
			return nil
		})
	}
	return cmd
}

// fileExists reports whether something is at path.
func fileExists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
