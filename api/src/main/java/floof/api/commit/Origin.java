package floof.api.commit;

/**
 * Who commits.
 *
 * @param user name of the account
 * @param client by what way: {@code cli}, {@code file}
 * @param comment empty for none
 */
public record Origin(String user, String client, String comment) {}
