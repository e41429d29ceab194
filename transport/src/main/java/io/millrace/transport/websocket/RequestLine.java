package io.millrace.transport.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first line of a request, strictly: RFC 9112 section 3. No state. */
final class RequestLine {
    private static final int BAD_REQUEST = 400;

    /** RFC 9110 section 7.2: a name, an IPv4 address, or an IPv6 one in brackets; the port may be left out. */
    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9A-Za-z:.%~_-]++]|[0-9A-Za-z._~!$&'()*+,;=%-]*+)(:[0-9]{0,5}+)?+");

    /** RFC 9112 section 3.2.2, which RFC 6455 section 4.2.1 wants, too. */
    private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://([^/?]*+)(.*+)");

    private RequestLine() {}

    static HttpRequest parse(final String line, final HttpFields fields) throws HttpException {
        final String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !HttpFields.isToken(parts[0])) {
            throw new HttpException(BAD_REQUEST, "malformed request line: length=" + line.length());
        }
        final int version = switch (parts[2]) {
            case "HTTP/1.1" -> 1;
            case "HTTP/1.0" -> 0;
            default -> throw new HttpException(505, "unknown version of HTTP");
        };
        checkHost(version, fields.all("Host"));
        final Matcher absolute = ABSOLUTE.matcher(parts[1]);
        return absolute.matches()
                ? request(parts[0], fromRoot(absolute.group(2)), version, withHost(fields, absolute.group(1)))
                : request(parts[0], parts[1], version, fields);
    }

    private static String fromRoot(final String rest) {
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    private static HttpRequest request(
            final String method, final String target, final int version, final HttpFields fields) throws HttpException {
        if (!isOrigin(target) && !(target.equals("*") && method.equals("OPTIONS"))) {
            throw new HttpException(BAD_REQUEST, "malformed target of a request: length=" + target.length());
        }
        final int mark = target.indexOf('?');
        final String path = mark < 0 ? target : target.substring(0, mark);
        return new HttpRequest(method, path, mark < 0 ? "" : target.substring(mark + 1), version, fields);
    }

    private static boolean isOrigin(final String target) {
        return target.startsWith("/")
                && target.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '#' && c != '"' && c != '<' && c != '>');
    }

    private static void checkHost(final int version, final List<String> hosts) throws HttpException {
        if (hosts.size() > 1 || (version == 1 && hosts.isEmpty())) {
            throw new HttpException(BAD_REQUEST, "not one Host: count=" + hosts.size());
        }
        if (!hosts.stream().allMatch(host -> AUTHORITY.matcher(host).matches())) {
            throw new HttpException(
                    BAD_REQUEST, "malformed Host: length=" + hosts.get(0).length());
        }
    }

    private static HttpFields withHost(final HttpFields fields, final String authority) throws HttpException {
        if (authority.isEmpty() || !AUTHORITY.matcher(authority).matches()) {
            throw new HttpException(BAD_REQUEST, "malformed host in the target: length=" + authority.length());
        }
        final List<Map.Entry<String, String>> all = new ArrayList<>();
        all.add(Map.entry("Host", authority));
        all.addAll(fields.without("Host").entries());
        return HttpFields.of(all);
    }
}
