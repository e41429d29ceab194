package io.millrace.transport.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Header fields of an HTTP message in their order; names in any case (RFC 9110 section 5). Immutable; any thread.
 */
public final class HttpFields {
    /** No fields. */
    public static final HttpFields EMPTY = new HttpFields(List.of());

    /** What they say lets whoever reads it in. */
    private static final Set<String> SECRETS = Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

    private static final String SEPARATORS = "\"(),/:;<=>?@[\\]{}";

    private final List<Map.Entry<String, String>> entries;

    private HttpFields(final List<Map.Entry<String, String>> entries) {
        this.entries = entries;
    }

    /** Of a parser, which has checked them. */
    static HttpFields of(final List<Map.Entry<String, String>> entries) {
        return new HttpFields(List.copyOf(entries));
    }

    /**
     * These fields and one more.
     *
     * @param name  of the field: a token.
     * @param value without control characters, or spaces at its ends.
     * @return new fields.
     * @throws IllegalArgumentException if name or value is malformed.
     */
    public HttpFields with(final String name, final String value) {
        if (!isToken(name)) {
            throw new IllegalArgumentException("not the name of a header field: name=" + name);
        }
        if (!isValue(value)) {
            throw new IllegalArgumentException(
                    "not the value of a header field: name=" + name + " value=" + shown(name, value));
        }
        final List<Map.Entry<String, String>> more = new ArrayList<>(entries);
        more.add(Map.entry(name, value));
        return of(more);
    }

    HttpFields without(final String name) {
        return of(entries.stream()
                .filter(entry -> !entry.getKey().equalsIgnoreCase(name))
                .toList());
    }

    /**
     * The first field of a name.
     *
     * @param name in any case.
     * @return its value; empty if there is none.
     */
    public Optional<String> first(final String name) {
        return entries.stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /**
     * All fields of a name.
     *
     * @param name in any case.
     * @return their values, in order.
     */
    public List<String> all(final String name) {
        return entries.stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    /**
     * The elements of all fields of a name, each a list separated by commas.
     *
     * @param name in any case.
     * @return the elements that are not empty, in order.
     */
    public List<String> elements(final String name) {
        final List<String> elements = new ArrayList<>();
        for (final String value : all(name)) {
            for (final String element : value.split(",", -1)) {
                if (!element.isBlank()) {
                    elements.add(element.strip());
                }
            }
        }
        return elements;
    }

    /**
     * Whether the fields of a name list an element.
     *
     * @param name    in any case.
     * @param element in any case.
     * @return true if so.
     */
    public boolean lists(final String name, final String element) {
        return elements(name).stream().anyMatch(element::equalsIgnoreCase);
    }

    /**
     * All fields.
     *
     * @return names and values in order: an immutable list.
     */
    public List<Map.Entry<String, String>> entries() {
        return entries;
    }

    /** Bytes that they weigh in an attribute map. */
    long weightBytes() {
        return entries.stream()
                .mapToLong(entry ->
                        2L * (entry.getKey().length() + entry.getValue().length()))
                .sum();
    }

    void writeTo(final StringBuilder target) {
        entries.forEach(entry -> target.append(entry.getKey())
                .append(": ")
                .append(entry.getValue())
                .append("\r\n"));
    }

    /** RFC 9110 section 5.6.2. */
    static boolean isToken(final String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7F && SEPARATORS.indexOf(c) < 0);
    }

    /** RFC 9110 section 5.5: neither control characters but the tab, nor what does not fit into a byte. */
    static boolean isValue(final String text) {
        return text.equals(text.strip())
                && text.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7F && c <= 0xFF));
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof HttpFields fields && entries.equals(fields.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    private static String shown(final String name, final String value) {
        return SECRETS.contains(name.toLowerCase(Locale.ROOT)) ? "(not shown)" : value;
    }

    /** For logs: without what credentials and cookies say. */
    @Override
    public String toString() {
        return entries.stream()
                .map(entry -> entry.getKey().toLowerCase(Locale.ROOT) + '=' + shown(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
