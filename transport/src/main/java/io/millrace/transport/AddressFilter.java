package io.millrace.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Which peers may connect: the most exact range that holds an address decides, whatever the order of the rules, and of
 * two that are equally exact the one that denies. Without such a range the address may connect if the filter has no rule
 * that allows, so a list of denials alone denies just those, and a list of allowances alone allows just those. A peer
 * without an IP address, as on a Unix socket, is allowed: files have permissions of their own.
 *
 * <p>Immutable: each rule makes a new filter. Any thread; wait-free, with a cost that grows with the number of rules.
 */
public final class AddressFilter {
    /** Allows everything. */
    public static final AddressFilter ALL = new AddressFilter(List.of());

    private record Rule(Cidr range, boolean allows) {}

    private final List<Rule> rules;
    private final boolean allowsOthers;

    private AddressFilter(final List<Rule> rules) {
        this.rules = rules;
        allowsOthers = rules.stream().noneMatch(Rule::allows);
    }

    /**
     * Adds a rule that allows.
     *
     * @param cidr as in {@link Cidr#parse}.
     * @return a new filter.
     * @throws IllegalArgumentException if the text is not a range.
     */
    public AddressFilter allow(final String cidr) {
        return with(new Rule(Cidr.parse(cidr), true));
    }

    /**
     * Adds a rule that denies.
     *
     * @param cidr as in {@link Cidr#parse}.
     * @return a new filter.
     * @throws IllegalArgumentException if the text is not a range.
     */
    public AddressFilter deny(final String cidr) {
        return with(new Rule(Cidr.parse(cidr), false));
    }

    private AddressFilter with(final Rule rule) {
        final List<Rule> more = new ArrayList<>(rules);
        more.add(rule);
        return new AddressFilter(List.copyOf(more));
    }

    /**
     * Decides on a peer.
     *
     * @param peer its address, not null.
     * @return whether it may connect.
     */
    public boolean allows(final SocketAddress peer) {
        Objects.requireNonNull(peer, "peer");
        return !(peer instanceof InetSocketAddress inet) || inet.isUnresolved() || allows(inet.getAddress());
    }

    /**
     * Decides on an IP address.
     *
     * @param address not null.
     * @return whether it may connect.
     */
    public boolean allows(final InetAddress address) {
        final byte[] bytes = address.getAddress();
        Rule best = null;
        for (int i = 0; i < rules.size(); i++) {
            final Rule rule = rules.get(i);
            if (rule.range.contains(bytes) && (best == null || outranks(rule, best))) {
                best = rule;
            }
        }
        return best == null ? allowsOthers : best.allows;
    }

    private static boolean outranks(final Rule rule, final Rule best) {
        final int more = rule.range.prefixBits() - best.range.prefixBits();
        return more > 0 || (more == 0 && !rule.allows);
    }

    @Override
    public String toString() {
        final List<String> texts = new ArrayList<>();
        rules.forEach(rule -> texts.add((rule.allows ? "allow " : "deny ") + rule.range));
        return texts.toString();
    }
}
