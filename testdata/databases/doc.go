// Package databases has only tests: stores of the runtime against real databases.
package databases
