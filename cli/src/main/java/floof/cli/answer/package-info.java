/** What a command gives back, and its forms: text in columns, JSON, XML. */
@org.jspecify.annotations.NullMarked
package floof.cli.answer;
