package floof.web;

import floof.api.Access;
import floof.api.AuditLog;
import floof.api.Router;
import floof.api.view.Arguments;
import floof.api.view.DeniedException;
import floof.api.view.Json;
import floof.api.view.Operation;
import floof.api.view.UnavailableException;
import floof.api.view.UnknownException;
import floof.api.view.View;
import floof.config.store.Revision;
import floof.config.tree.Branch;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.URIUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests, each on its own thread. Permissions are evaluated for each request. */
final class RestHandler extends Handler.Abstract {

    private static final int CHUNK_BYTES = 16 << 10;

    /** Status of what the user's class forbids (RFC 9110 section 15.5.4). */
    private static final int DENIED = 403;

    private static final Logger LOG = LoggerFactory.getLogger(RestHandler.class);

    private final Router router;
    private final Rest.Peers peers;

    RestHandler(Router router, Rest.Peers peers) {
        this.router = router;
        this.peers = peers;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            answer(router.as(user(request)), request, response);
            callback.succeeded();
        } catch (RestException e) {
            fail(response, callback, e.status(), "" + e.getMessage());
        } catch (IOException e) {
            callback.failed(e); // the client is gone, or the answer's source: what came is not all
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", request.getMethod(), request.getHttpURI(), e);
            fail(response, callback, 500, "internal error: " + e);
        }
        return true;
    }

    private String user(Request request) throws IOException {
        Object transport =
                request.getConnectionMetaData().getConnection().getEndPoint().getTransport();
        return peers.user((SocketChannel) transport);
    }

    private static void fail(Response response, Callback callback, int status, String message) {
        if (response.isCommitted()) {
            callback.failed(new IOException(message));
            return;
        }
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        Content.Sink.write(response, true, Json.print(Map.of("error", message)), callback);
    }

    private void answer(Access access, Request request, Response response)
            throws RestException, IOException {
        record(access.user(), AuditLog.Kind.COMMAND, request);
        try {
            answerPermitted(access, request, response);
        } catch (RestException e) {
            if (e.status() == DENIED) {
                record(access.user(), AuditLog.Kind.REFUSED, request);
            }
            throw e;
        }
    }

    private void answerPermitted(Access access, Request request, Response response)
            throws RestException, IOException {
        List<String> words = words(request);
        if (!words.isEmpty() && words.getFirst().equals("configuration")) {
            require("GET", request);
            configuration(access, words.subList(1, words.size()), response);
            return;
        }
        String line = String.join(" ", words);
        switch (router.commands().find(line)) {
            case View<?> view -> {
                require("GET", request);
                show(access, view, Query.arguments(view, fields(request)), response);
            }
            case Operation operation -> {
                require("POST", request);
                if (request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > 0
                        || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
                    throw new RestException(
                            400, "a body is not read; expected arguments in the query, behind '?'");
                }
                run(access, operation, Query.arguments(operation, fields(request)), response);
            }
            case null, default ->
                    throw new RestException(
                            404,
                            "there is no command '"
                                    + line
                                    + "'; expected the words of a command, or /configuration");
        }
    }

    private static void require(String method, Request request) throws RestException {
        if (!request.getMethod().equals(method)) {
            throw new RestException(
                    405, request.getMethod() + " is not possible; expected " + method);
        }
    }

    /** As for commands of the shell: only root may do what cannot be recorded in the audit log. */
    private void record(String user, AuditLog.Kind kind, Request request) throws RestException {
        try {
            String line = request.getMethod() + " " + request.getHttpURI().getPathQuery();
            router.audit().add(user, "rest", kind, line);
        } catch (IOException e) {
            if (!user.equals("root")) {
                throw new RestException(503, "the audit log cannot be written: " + e.getMessage());
            }
        }
    }

    private static List<String> words(Request request) throws RestException {
        try {
            return List.of(Request.getPathInContext(request).split("/")).stream()
                    .filter(word -> !word.isEmpty())
                    .map(URIUtil::decodePath)
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new RestException(400, "the path is not UTF-8 in percent encoding");
        }
    }

    private static Fields fields(Request request) throws RestException {
        try {
            return Request.extractQueryParameters(request, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RestException(400, "the query is not UTF-8 in percent encoding");
        }
    }

    private void configuration(Access access, List<String> path, Response response)
            throws RestException, IOException {
        checked(() -> {
            Branch seen = access.configuration(path);
            List<Revision> history = router.history();
            OutputStream out = body(response);
            write(out, Json.print(seen, history.isEmpty() ? null : history.getFirst()));
            out.close();
        });
    }

    /** What is done with a command. */
    private interface Doing {
        void run()
                throws RestException,
                        DeniedException,
                        UnavailableException,
                        UnknownException,
                        IOException;
    }

    private static void checked(Doing doing) throws RestException, IOException {
        try {
            doing.run();
        } catch (DeniedException e) {
            throw new RestException(DENIED, "" + e.getMessage());
        } catch (UnknownException e) {
            throw new RestException(404, "" + e.getMessage());
        } catch (UnavailableException e) {
            throw new RestException(503, "" + e.getMessage());
        }
    }

    private static <R> void show(
            Access access, View<R> view, Arguments arguments, Response response)
            throws RestException, IOException {
        checked(() -> {
            try (View.Answer<R> answer = access.open(view, arguments)) {
                R record = answer.records().next();
                OutputStream out = body(response);
                if (view.isOne()) {
                    write(out, record == null ? "" : Json.print(record));
                } else {
                    for (boolean isFirst = true; ; isFirst = false) {
                        write(out, Json.next(record, isFirst));
                        if (record == null) {
                            break;
                        }
                        record = answer.records().next();
                    }
                }
                out.close(); // not after a fault: then the client must see that it is not all
            }
        });
    }

    /** The answer is what floofctl prints. */
    private static void run(
            Access access, Operation operation, Arguments arguments, Response response)
            throws RestException, IOException {
        checked(() -> {
            String said;
            try {
                said = access.run(operation, arguments);
            } catch (IOException e) {
                throw new RestException(409, "" + e.getMessage());
            }
            try (OutputStream out = body(response)) {
                write(out, Json.print(Map.of("output", said)));
            }
        });
    }

    private static OutputStream body(Response response) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        return new BufferedOutputStream(Content.Sink.asOutputStream(response), CHUNK_BYTES);
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
