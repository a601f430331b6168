/** What can be done to a running router. */
package floof.api.operation;
