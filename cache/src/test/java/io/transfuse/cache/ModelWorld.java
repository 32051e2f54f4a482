package io.transfuse.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.transfuse.cache.ModelHost.By;
import io.transfuse.cache.ModelHost.Change;
import io.transfuse.cache.ModelHost.Event;
import io.transfuse.cache.ModelHost.Thing;
import io.transfuse.cache.ModelHost.Timeline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A host, a guest's kernel and the cache between them. Requests, replies, what the host tells and what is given back to it are
 * on their way for as long as the steps say. Whatever the cache answers, and whatever the kernel believes, must have been true
 * at a moment since the last change that the guest was told of, or made itself; what is used for a time-to-live, within that.
 */
final class ModelWorld {
    private static final long STEP_NANOS = CacheFixture.TIME_TO_LIVE / 2;
    private static final int DIRECTORIES_MAX = 6;
    private static final int HELD_MAX = 200;

    private final ModelHost host = new ModelHost();
    private final ModelKernel kernel;
    private final MountCache cache;
    private final Answer answer = new Answer();

    /** Whether the host tells of the guest's own changes, as doubts. */
    private final boolean echo;

    private final By by;

    private final long bytesMax;
    private final int entriesMax;
    private final List<Deque<Runnable>> pending = new ArrayList<>();
    private final List<MountCache.Forget> returning = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final List<Event> toldMeanwhile = new ArrayList<>();

    /** How many changes of names the guest has made and has no reply to. */
    private int changing;

    private boolean suspended;
    private long clock;

    /** When replies came, and of which moment of the host they were. */
    private final List<long[]> replies = new ArrayList<>();

    /** One step: what to do and with what; the numbers are taken modulo what there is. */
    record Step(int what, int a, int b, int c, int d) {}

    ModelWorld(final int entriesMax, final long bytesMax, final boolean echo, final boolean hasEpoch) {
        this.entriesMax = entriesMax;
        this.bytesMax = bytesMax;
        this.echo = echo;
        this.by = echo ? By.GUEST_DOUBTED : By.GUEST;
        kernel = new ModelKernel(hasEpoch);
        cache = new MountCache(bytesMax, entriesMax, CacheFixture.TIME_TO_LIVE, () -> clock);
    }

    static long version(final byte[] attributes) {
        return Long.parseLong(new String(attributes, UTF_8).substring(1));
    }

    List<String> log() {
        return log;
    }

    void step(final Step step) {
        switch (step.what) {
            case 0:
            case 1:
            case 2:
                guestLooksUp(step);
                break;
            case 3:
                guestAsksAttributes(step);
                break;
            case 4:
                guestLists(step);
                break;
            case 5:
                prefetch(step);
                break;
            case 6:
                guestReads(step);
                break;
            case 7:
                guestAsksContent(step);
                break;
            case 8:
                guestCreates(step);
                break;
            case 9:
                guestRemoves(step);
                break;
            case 10:
                guestRenames(step);
                break;
            case 11:
                guestLinks(step);
                break;
            case 12:
                guestChanges(step);
                break;
            case 13:
            case 14:
            case 15:
                advance(step.a, 1 + step.b % 2);
                break;
            case 16:
            case 17:
                hostNames(step);
                break;
            case 18:
                hostChanges(step);
                break;
            case 19:
                hostRenames(step);
                break;
            case 20:
            case 21:
                tell(1 + step.a % 3);
                break;
            case 22:
                host.coarsen(directory(step.a));
                break;
            case 23:
                rarely(step);
                break;
            case 24:
                kernelForgets(step);
                break;
            case 25:
                giveBack();
                break;
            case 26:
                probe();
                break;
            default:
                clock += STEP_NANOS;
                kernel.pass(STEP_NANOS);
        }
        check();
    }

    static final int STEPS = 28;

    private void rarely(final Step step) {
        switch (step.a % 4) {
            case 0:
                host.loseChanges();
                log("changes are lost");
                break;
            case 1:
            case 2:
                suspended = !suspended;
                host.tellMode(suspended);
                log(suspended ? "another mount comes" : "another mount goes");
                break;
            default:
                log("doubt");
                doubt(heldNode(step.b));
        }
    }

    private void log(final String text) {
        log.add(text);
    }

    // Choices

    private static Name name(final int number) {
        return ModelHost.NAMES[number % ModelHost.NAMES.length];
    }

    private Thing directory(final int number) {
        final List<Thing> directories = new ArrayList<>();
        for (final Thing thing : host.things) {
            if (thing.directory && !thing.removed) {
                directories.add(thing);
            }
        }
        return directories.get(number % directories.size());
    }

    private long heldNode(final int number) {
        final List<Long> held = new ArrayList<>();
        kernel.held().forEach(held::add);
        held.sort(null);
        return held.get(number % held.size());
    }

    private long heldDirectory(final int number) {
        final List<Long> held = new ArrayList<>();
        for (final long node : kernel.held()) {
            if (host.of(node).directory) {
                held.add(node);
            }
        }
        held.sort(null);
        return held.get(number % held.size());
    }

    // What is on its way

    /** At once, or as far as later steps let it come. */
    private void send(final Step step, final Runnable... phases) {
        final Deque<Runnable> rest = new ArrayDeque<>(List.of(phases));
        pending.add(rest);
        if (step.d % 3 != 0) {
            run(rest, Integer.MAX_VALUE);
        } else {
            run(rest, step.d / 3 % 2);
        }
    }

    private void run(final Deque<Runnable> phases, final int most) {
        for (int i = 0; i < most && !phases.isEmpty(); i++) {
            phases.poll().run();
        }
        if (phases.isEmpty()) {
            pending.remove(phases);
        }
    }

    private void advance(final int number, final int phases) {
        if (!pending.isEmpty()) {
            run(pending.get(number % pending.size()), phases);
        }
    }

    private void came(final long time) {
        replies.add(new long[] {clock, time});
    }

    // The guest asks

    private void guestLooksUp(final Step step) {
        lookUp(heldDirectory(step.a), name(step.b), step);
    }

    private void lookUp(final long node, final Name name, final Step step) {
        if (kernel.at(node, name) != null || kernel.isChanging(node)) {
            return;
        }
        switch (cache.lookup(node, name, answer)) {
            case PRESENT:
                log("lookup of " + node + "/" + name + ": known as " + answer.node());
                assertHeld(node);
                assertHeld(answer.node());
                assertTrue(host.of(node), name, host.of(answer.node()).id);
                assertTrue(host.of(answer.node()), version(answer.attributes()));
                kernel.takeEntry(node, name, answer);
                return;
            case ABSENT:
                log("lookup of " + node + "/" + name + ": known as absent");
                assertHeld(node);
                assertTrue(host.of(node), name, 0);
                kernel.takeEntry(node, name, answer);
                return;
            default:
        }
        if (!kernel.lockForLookup(node)) {
            return;
        }
        final long since = cache.moment();
        final ModelHost.Answer[] reply = new ModelHost.Answer[1];
        final String what = "lookup of " + node + "/" + name;
        log(what + " is asked for");
        send(
                step,
                () -> {
                    if (host.of(node).node == node) {
                        reply[0] = host.lookup(host.of(node), name);
                        log(what + " finds " + reply[0].thing());
                    }
                },
                () -> {
                    if (reply[0] == null) {
                        kernel.unlockLookup(node);
                        return;
                    }
                    log(what + " is answered");
                    came(reply[0].time());
                    if (reply[0].thing() == null) {
                        cache.learnAbsent(since, node, name, reply[0].names(), answer);
                    } else {
                        cache.learnEntry(since, node, name, reply[0].facts(), reply[0].names(), true, answer);
                    }
                    kernel.takeEntry(node, name, answer);
                    kernel.unlockLookup(node);
                });
    }

    private void guestAsksAttributes(final Step step) {
        askAttributes(heldNode(step.a), step);
    }

    private void askAttributes(final long node, final Step step) {
        if (kernel.attributesOf(node) != null) {
            return;
        }
        if (cache.attributes(node, answer)) {
            log("attributes of " + node + " are known");
            kernel.takeAttributes(answer);
            return;
        }
        final long since = cache.moment();
        final ObjectFacts[] facts = new ObjectFacts[1];
        final long[] time = new long[1];
        final String what = "attributes of " + node;
        log(what + " are asked for");
        send(
                step,
                () -> {
                    final ModelHost.Answer reply = host.attributes(node);
                    final Thing thing = host.of(node);
                    time[0] = host.now();
                    facts[0] = reply != null
                            ? reply.facts()
                            : thing.node == node ? ModelHost.attributesOfOpen(thing) : null;
                    log(what + " are " + facts[0]);
                },
                () -> {
                    if (facts[0] == null) {
                        return;
                    }
                    log(what + " are answered");
                    came(time[0]);
                    cache.learnAttributes(since, facts[0], answer);
                    kernel.takeAttributes(answer);
                });
    }

    private void guestLists(final Step step) {
        final long node = heldDirectory(step.a);
        if (kernel.listingOf(node) != null || kernel.isChanging(node)) {
            return;
        }
        final Listing listing = cache.listing(node);
        if (listing == null) {
            fetch(node, step);
            return;
        }
        log("listing of " + node + " is known");
        assertHeld(node);
        final Map<Name, Long> ids = new HashMap<>();
        for (int i = 0; i < listing.size(); i++) {
            ids.put(listing.name(i), listing.ino(i));
        }
        for (final Name name : ModelHost.NAMES) {
            assertTrue(host.of(node), name, ids.getOrDefault(name, 0L));
        }
        if (cache.isListingKept(node)) {
            kernel.takeListing(node, ids);
        }
        if (step.b % 2 == 0) {
            // With attributes, where they are known.
            for (int i = 0; i < listing.size(); i++) {
                if (cache.lookup(node, listing.name(i), answer) == MountCache.Outcome.PRESENT) {
                    kernel.takeEntry(node, listing.name(i), answer);
                }
            }
        }
    }

    private void prefetch(final Step step) {
        final long node = heldDirectory(step.a);
        if (cache.lacksListing(node)) {
            fetch(node, step);
        }
    }

    private void fetch(final long node, final Step step) {
        final long since = cache.moment();
        final List<ModelHost.Answer> found = new ArrayList<>();
        final List<Name> names = new ArrayList<>();
        final long[] number = new long[1];
        final ModelHost.Answer[] last = new ModelHost.Answer[1];
        final String what = "listing of " + node;
        log(what + " is asked for");
        final List<Runnable> phases = new ArrayList<>();
        phases.add(() -> {
            if (host.of(node).node != node) {
                return;
            }
            log(what + " is made");
            for (final Name name : ModelHost.NAMES) {
                last[0] = host.lookup(host.of(node), name);
                if (last[0].thing() != null) {
                    found.add(last[0]);
                    names.add(name);
                }
            }
        });
        phases.add(() -> {
            if (last[0] != null) {
                log(what + " begins");
                number[0] = cache.beginListing(node);
            }
        });
        for (int i = 0; i < ModelHost.NAMES.length; i++) {
            final int index = i;
            phases.add(() -> {
                if (index < found.size()) {
                    final ModelHost.Answer entry = found.get(index);
                    log(what + " has " + names.get(index) + ": " + entry.thing());
                    came(entry.time());
                    cache.learnListed(since, node, names.get(index), entry.facts(), entry.names(), answer);
                }
            });
        }
        phases.add(() -> {
            if (last[0] != null) {
                log(what + " ends");
                came(last[0].time());
                cache.endListing(since, node, number[0], 1, 1, last[0].names());
            }
        });
        send(step, phases.toArray(Runnable[]::new));
    }

    private void guestReads(final Step step) {
        final long node = heldNode(step.a);
        final Thing thing = host.of(node);
        if (thing.directory || thing.node != node) {
            return;
        }
        if (step.b % 2 == 0 && !cache.mayKeepPages(node)) {
            kernel.pages.remove(node);
        }
        if (kernel.attributesOf(node) == null) {
            askAttributes(node, new Step(0, 0, 0, 0, 1));
        }
        final Long page = kernel.pages.get(node);
        if (page != null && !kernel.isTold()) {
            return;
        }
        if (page != null) {
            assertTrue(thing.data, page, "data of " + thing, thing.promised, thing.notPromised);
        } else if (!cache.isSuspended()) {
            kernel.pages.put(node, thing.data.value());
        }
    }

    private void guestAsksContent(final Step step) {
        final long node = heldNode(step.a);
        final Thing thing = host.of(node);
        if (thing.directory || thing.node != node) {
            return;
        }
        final byte[] known = cache.content(node, answer);
        if (known != null) {
            log("content of " + node + " is known");
            assertTrue(thing.data, version(known), "content of " + thing, thing.promised, thing.notPromised);
            assertTrue(thing, version(answer.attributes()));
            return;
        }
        final long since = cache.moment();
        final ModelHost.Answer[] reply = new ModelHost.Answer[1];
        final long[] data = new long[1];
        log("content of " + node + " is asked for");
        send(
                step,
                () -> {
                    reply[0] = host.attributes(node);
                    data[0] = thing.data.value();
                },
                () -> {
                    if (reply[0] != null) {
                        log("content of " + node + " is answered: " + data[0]);
                        came(reply[0].time());
                        cache.learnContent(
                                since,
                                reply[0].facts(),
                                ("c" + data[0]).getBytes(UTF_8),
                                reply[0].facts().attributesValidity(),
                                answer);
                    }
                });
    }

    // The guest changes

    private void guestCreates(final Step step) {
        final long node = heldDirectory(step.a);
        final Name name = name(step.b);
        final boolean isDirectory = step.c % 3 == 0 && directories() < DIRECTORIES_MAX;
        final ModelKernel.Dentry believed = kernel.at(node, name);
        if (believed == null || believed.node() != 0) {
            lookUp(node, name, step);
            return;
        }
        if (!kernel.lockForChange(node)) {
            return;
        }
        final long since = cache.moment();
        final ModelHost.Answer[] reply = new ModelHost.Answer[1];
        final Change[] change = new Change[1];
        final String what = "creation of " + node + "/" + name;
        log(what + " is asked for");
        send(
                step,
                () -> {
                    final Thing directory = host.of(node);
                    if (directory.node == node && !directory.removed && !directory.entries.containsKey(name)) {
                        change[0] = host.create(directory, name, isDirectory, step.c % 5 != 1, by);
                        changed();
                        reply[0] = host.lookup(directory, name);
                        log(what + " makes " + reply[0].thing());
                    }
                },
                () -> {
                    if (reply[0] == null) {
                        log(what + " fails");
                        doubtful(node, name);
                        return;
                    }
                    log(what + " is answered");
                    came(reply[0].time());
                    cache.made(since, node, name, reply[0].facts(), reply[0].names(), answer);
                    change[0].told();
                    kernel.directoryChanged(node);
                    kernel.takeEntry(node, name, answer);
                    changeAnswered();
                },
                () -> kernel.unlockChange(node));
    }

    private int directories() {
        return (int) host.things.stream()
                .filter(thing -> thing.directory && !thing.removed)
                .count();
    }

    private void guestRemoves(final Step step) {
        final long node = heldDirectory(step.a);
        final Name name = name(step.b);
        final ModelKernel.Dentry believed = kernel.at(node, name);
        if (believed == null || believed.node() == 0) {
            lookUp(node, name, step);
            return;
        }
        if (!kernel.lockForChange(node)) {
            return;
        }
        final long since = cache.moment();
        final Change[] change = new Change[1];
        final Thing[] removed = new Thing[1];
        final String what = "removal of " + node + "/" + name;
        log(what + " is asked for");
        send(
                step,
                () -> {
                    final Thing directory = host.of(node);
                    if (directory.node == node && ModelHost.canRemove(directory, name)) {
                        removed[0] = directory.entries.get(name);
                        change[0] = host.remove(directory, name, by);
                        changed();
                        log(what + " removes " + removed[0]);
                    }
                },
                () -> {
                    if (change[0] == null) {
                        log(what + " fails");
                        doubtful(node, name);
                        return;
                    }
                    log(what + " is answered");
                    removed(since, node, name);
                    kernel.removed(node, name, believed);
                    final Thing directory = host.of(node);
                    change[0].told(directory.at(name));
                    change[0].told(directory.attributes);
                    if (removed[0].node == believed.node()) {
                        change[0].told();
                    }
                    changeAnswered();
                },
                () -> kernel.unlockChange(node));
    }

    private void guestRenames(final Step step) {
        final long from = heldDirectory(step.a);
        final Name oldName = name(step.b);
        final long to = heldDirectory(step.c);
        final Name newName = name(step.b / 3 + step.c / 5);
        final boolean exchange = step.d % 5 == 0;
        final ModelKernel.Dentry believed = kernel.at(from, oldName);
        final ModelKernel.Dentry victim = kernel.at(to, newName);
        if (believed == null || believed.node() == 0) {
            lookUp(from, oldName, step);
            return;
        }
        if (victim == null) {
            lookUp(to, newName, step);
            return;
        }
        if (victim.node() == believed.node()) {
            // The kernel does nothing then.
            return;
        }
        if (!kernel.lockForChange(from, to)) {
            return;
        }
        final Change[] change = new Change[1];
        final Thing[] moved = new Thing[2];
        final String what =
                (exchange ? "exchange of " : "rename of ") + from + "/" + oldName + " to " + to + "/" + newName;
        log(what + " is asked for");
        send(
                step,
                () -> {
                    final Thing one = host.of(from);
                    final Thing other = host.of(to);
                    if (one.node != from || other.node != to || other.removed) {
                        return;
                    }
                    moved[0] = one.entries.get(oldName);
                    moved[1] = other.entries.get(newName);
                    if (exchange && host.canExchange(one, oldName, other, newName)) {
                        change[0] = host.exchange(one, oldName, other, newName, by);
                        host.moved(moved[1], one, oldName);
                    } else if (!exchange && host.canRename(one, oldName, other, newName)) {
                        change[0] = host.rename(one, oldName, other, newName, by);
                    }
                    if (change[0] != null) {
                        changed();
                        host.moved(moved[0], other, newName);
                        log(what + " moves " + moved[0] + ", where there was " + moved[1]);
                    }
                },
                () -> {
                    if (change[0] == null) {
                        log(what + " fails");
                        doubtful(from, oldName);
                        doubtful(to, newName);
                        return;
                    }
                    log(what + " is answered");
                    kernel.renamed(from, oldName, believed, to, newName, victim, exchange);
                    renamed(from, oldName, to, newName, exchange);
                    final Thing one = host.of(from);
                    final Thing other = host.of(to);
                    change[0].told(one.at(oldName));
                    change[0].told(one.attributes);
                    change[0].told(other.at(newName));
                    change[0].told(other.attributes);
                    if (moved[0].node == believed.node() && (moved[1] == null ? 0 : moved[1].node) == victim.node()) {
                        change[0].told();
                    }
                    changeAnswered();
                },
                () -> kernel.unlockChange(from, to));
    }

    private void guestLinks(final Step step) {
        final long node = heldNode(step.a);
        final Thing thing = host.of(node);
        final long directory = heldDirectory(step.b);
        final Name name = name(step.c);
        final ModelKernel.Dentry believed = kernel.at(directory, name);
        if (thing.directory || believed == null || believed.node() != 0) {
            lookUp(directory, name, step);
            return;
        }
        if (!kernel.lockForChange(directory)) {
            return;
        }
        final long since = cache.moment();
        final Change[] change = new Change[1];
        final ModelHost.Answer[] reply = new ModelHost.Answer[1];
        final String what = "link of " + node + " at " + directory + "/" + name;
        log(what + " is asked for");
        send(
                step,
                () -> {
                    final Thing to = host.of(directory);
                    if (thing.node == node
                            && !thing.removed
                            && to.node == directory
                            && !to.removed
                            && !to.entries.containsKey(name)) {
                        change[0] = host.link(thing, to, name, by);
                        changed();
                        reply[0] = host.lookup(to, name);
                        log(what + " makes it");
                    }
                },
                () -> {
                    if (change[0] == null) {
                        log(what + " fails");
                        doubtful(directory, name);
                        return;
                    }
                    log(what + " is answered");
                    came(reply[0].time());
                    cache.made(since, directory, name, reply[0].facts(), reply[0].names(), answer);
                    change[0].told();
                    kernel.directoryChanged(directory);
                    kernel.takeEntry(directory, name, answer);
                    changeAnswered();
                },
                () -> kernel.unlockChange(directory));
    }

    private void guestChanges(final Step step) {
        final long node = heldNode(step.a);
        final Thing thing = host.of(node);
        final boolean writes = step.b % 2 == 0 && !thing.directory;
        final long since = cache.moment();
        final Change[] change = new Change[1];
        final ObjectFacts[] facts = new ObjectFacts[1];
        final long[] time = new long[1];
        final String what = (writes ? "write to " : "change of ") + node;
        log(what + " is asked for");
        send(
                step,
                () -> {
                    if (thing.node != node || thing.directory && thing.removed) {
                        return;
                    }
                    change[0] = writes ? write(thing) : changeMode(thing);
                    final ModelHost.Answer reply = host.attributes(node);
                    time[0] = host.now();
                    facts[0] = reply != null ? reply.facts() : ModelHost.attributesOfOpen(thing);
                    log(what + " makes " + facts[0]);
                },
                () -> {
                    if (change[0] == null) {
                        cache.changed(node);
                    } else if (writes) {
                        log(what + " is answered");
                        kernel.pages.remove(node);
                        cache.changed(node);
                        kernel.forgetAttributes(node);
                        change[0].told();
                    } else {
                        log(what + " is answered");
                        came(time[0]);
                        cache.changed(since, facts[0], answer);
                        kernel.takeAttributes(answer);
                        change[0].told();
                    }
                });
    }

    private Change write(final Thing thing) {
        for (final Thing directory : host.things) {
            for (final Name name : ModelHost.NAMES) {
                if (directory.entries.get(name) == thing) {
                    return host.write(thing, directory, name, by);
                }
            }
        }
        return host.write(thing, host.root, ModelHost.NAMES[0], By.GUEST);
    }

    private Change changeMode(final Thing thing) {
        for (final Thing directory : host.things) {
            for (final Name name : ModelHost.NAMES) {
                if (directory.entries.get(name) == thing) {
                    return host.changeMode(thing, directory, name, by);
                }
            }
        }
        return host.changeMode(thing, host.root, ModelHost.NAMES[0], By.GUEST);
    }

    private void doubtful(final long directory, final Name name) {
        cache.doubtful(directory, name);
    }

    private void removed(final long since, final long directory, final Name name) {
        cache.removed(since, directory, name);
    }

    private void renamed(
            final long from, final Name oldName, final long to, final Name newName, final boolean exchange) {
        cache.renamed(from, oldName, to, newName, exchange, kernel);
    }

    private void doubt(final long node) {
        cache.doubtObject(node);
    }

    // The host changes

    private void hostNames(final Step step) {
        final Thing directory = directory(step.a);
        final Name name = name(step.b);
        final Thing there = directory.entries.get(name);
        log("host: " + (there == null ? "creates " : "removes ") + directory + "/" + name);
        if (there == null && step.c % 4 == 1) {
            final Thing file = linkable(step.d);
            if (file != null) {
                host.link(file, directory, name, By.HOST);
            }
        } else if (there == null) {
            host.create(directory, name, step.c % 3 == 0 && directories() < DIRECTORIES_MAX, step.c % 5 != 1, By.HOST);
        } else if (ModelHost.canRemove(directory, name)) {
            host.remove(directory, name, By.HOST);
        }
    }

    /**
     * A file that the host may link: one more name of what had one name, and is remembered by the guest, is told by nobody;
     * docs/semantics.md says so.
     */
    private Thing linkable(final int number) {
        final List<Thing> files = new ArrayList<>();
        for (final Thing thing : host.things) {
            if (!thing.directory && !thing.removed && (thing.node == 0 || thing.watched)) {
                files.add(thing);
            }
        }
        return files.isEmpty() ? null : files.get(number % files.size());
    }

    private void hostChanges(final Step step) {
        final Thing directory = directory(step.a);
        final Name name = name(step.b);
        final Thing there = directory.entries.get(name);
        if (there == null) {
            return;
        }
        log("host: changes " + directory + "/" + name);
        if (there.directory || step.c % 2 == 0) {
            host.changeMode(there, directory, name, By.HOST);
        } else {
            host.write(there, directory, name, By.HOST);
        }
    }

    private void hostRenames(final Step step) {
        final Thing from = directory(step.a);
        final Name oldName = name(step.b);
        final Thing to = directory(step.c);
        final Name newName = name(step.d);
        if (step.d % 5 == 0 && host.canExchange(from, oldName, to, newName)) {
            log("host: exchanges " + from + "/" + oldName + " and " + to + "/" + newName);
            host.exchange(from, oldName, to, newName, By.HOST);
        } else if (host.canRename(from, oldName, to, newName)) {
            log("host: renames " + from + "/" + oldName + " to " + to + "/" + newName);
            host.rename(from, oldName, to, newName, By.HOST);
        }
    }

    private void tell(final int most) {
        for (int i = 0; i < most && !host.untold.isEmpty(); i++) {
            final Event event = host.untold.remove(0);
            log("told: " + event);
            switch (event.kind) {
                case NAME:
                    cache.invalidateName(event.node, event.name, !echo, kernel);
                    break;
                case CHILD:
                    cache.invalidateChild(event.node, event.name, kernel);
                    break;
                case NODE:
                    cache.invalidateObject(event.node, kernel);
                    break;
                case DIRECTORY:
                    cache.invalidateDirectory(event.node, kernel);
                    break;
                case ALL:
                    cache.invalidateAll(kernel);
                    break;
                case SUSPEND:
                    cache.suspend(kernel);
                    break;
                default:
                    cache.resume();
            }
            toldMeanwhile.add(event);
        }
        believeTold();
    }

    /**
     * While the guest has changed names on the host and does not know it yet, it cannot know what is meant by what it is told of
     * them: it does when it has its reply.
     */
    private void believeTold() {
        if (changing == 0) {
            toldMeanwhile.forEach(Event::applied);
            toldMeanwhile.clear();
        }
    }

    private void changed() {
        changing++;
    }

    private void changeAnswered() {
        changing--;
        believeTold();
    }

    // What is given back

    private void kernelForgets(final Step step) {
        final long node = heldNode(step.a);
        final long count = kernel.forget(node);
        if (count > 0) {
            log("kernel forgets " + node + " with " + count);
            cache.forget(node, count);
        }
    }

    private void drain() {
        final List<MountCache.Forget> forgets = cache.drainForgets();
        if (forgets == null) {
            return;
        }
        for (final MountCache.Forget forget : forgets) {
            log("given back: " + forget);
            assertThat(forget.lookups()).isPositive();
            returning.add(forget);
            final long left = host.of(forget.node()).count
                    - returning.stream()
                            .filter(other -> other.node() == forget.node())
                            .mapToLong(MountCache.Forget::lookups)
                            .sum();
            assertThat(left)
                    .as("lookups left of %s, which the kernel holds %d times", forget, kernel.lookups(forget.node()))
                    .isGreaterThanOrEqualTo(kernel.lookups(forget.node()) > 0 ? 1 : 0);
        }
    }

    private void giveBack() {
        for (final Iterator<MountCache.Forget> i = returning.iterator(); i.hasNext(); ) {
            final MountCache.Forget forget = i.next();
            assertThat(host.of(forget.node()).count).as("%s", forget).isGreaterThanOrEqualTo(forget.lookups());
            host.forget(forget.node(), forget.lookups());
            i.remove();
        }
    }

    // What must hold

    /** The cache is asked for everything, and the kernel given what it says. */
    private void probe() {
        for (final long node : kernel.held()) {
            if (!host.of(node).directory) {
                continue;
            }
            for (final Name name : ModelHost.NAMES) {
                if (kernel.at(node, name) == null
                        && !kernel.isChanging(node)
                        && cache.lookup(node, name, answer) != MountCache.Outcome.UNKNOWN) {
                    assertHeld(node);
                    kernel.takeEntry(node, name, answer);
                }
            }
        }
    }

    private void check() {
        drain();
        for (final long node : kernel.held()) {
            assertHeld(node);
            final Thing thing = host.of(node);
            final ModelKernel.Known known = kernel.attributesOf(node);
            if (known != null && kernel.isTold()) {
                assertThat(cache.isSuspended()).isFalse();
                assertTrue(thing, known.version());
            }
            if (cache.attributes(node, answer)) {
                assertThat(cache.isSuspended()).isFalse();
                assertTrue(thing, version(answer.attributes()));
            }
            if (thing.directory && kernel.isTold()) {
                checkDirectory(node, thing);
            }
        }
    }

    private void checkDirectory(final long node, final Thing directory) {
        final Map<Name, Long> listing = kernel.listingOf(node);
        for (final Name name : ModelHost.NAMES) {
            final ModelKernel.Dentry dentry = kernel.at(node, name);
            if (dentry != null) {
                assertThat(cache.isSuspended()).isFalse();
                assertTrue(directory, name, dentry.node() == 0 ? 0 : host.of(dentry.node()).id);
            }
            if (listing != null) {
                assertTrue(directory, name, listing.getOrDefault(name, 0L));
            }
        }
    }

    private void assertHeld(final long node) {
        assertThat(host.of(node).node).as("the host has forgotten %s", node).isEqualTo(node);
    }

    private void assertTrue(final Thing directory, final Name name, final long id) {
        assertTrue(
                directory.at(name),
                id,
                "what stands at " + name + " in " + directory,
                directory.watchable,
                !directory.watchable);
    }

    private void assertTrue(final Thing thing, final long version) {
        assertTrue(thing.attributes, version, "attributes of " + thing, thing.promised, thing.notPromised);
    }

    private void assertTrue(
            final Timeline timeline, final long value, final String what, final boolean watched, final boolean timed) {
        final long told = watched ? timeline.bound : Long.MAX_VALUE;
        final long over = timed ? timeToLiveBound() : Long.MAX_VALUE;
        final long since = Math.max(timeline.ownBound, watched || timed ? Math.min(told, over) : 0);
        assertThat(timeline.was(value, since))
                .as("%s: %d is stale, as told by %d; %s", what, value, since, timeline)
                .isTrue();
    }

    /** What is used for a time-to-live was asked for at this moment or later. */
    private long timeToLiveBound() {
        replies.removeIf(reply -> reply[0] <= clock - CacheFixture.TIME_TO_LIVE);
        return replies.stream().mapToLong(reply -> reply[1]).min().orElse(host.now());
    }

    /** Everything arrives: what is known from now on is what the host has. Then everything is given back. */
    void end() {
        log("the end");
        while (!pending.isEmpty()) {
            run(pending.get(0), Integer.MAX_VALUE);
            check();
        }
        tell(Integer.MAX_VALUE);
        check();
        clock += 2 * CacheFixture.TIME_TO_LIVE;
        kernel.pass(2 * CacheFixture.TIME_TO_LIVE);
        raiseAll();
        check();
        probe();
        check();
        giveEverythingBack();
    }

    /** From now on only what is true at this moment is. */
    private void raiseAll() {
        for (final Thing thing : host.things) {
            thing.attributes.raise(host.now());
            thing.data.raise(host.now());
            for (final Name name : ModelHost.NAMES) {
                thing.at(name).raise(host.now());
            }
        }
    }

    private void giveEverythingBack() {
        assertThat(kernel.isTold()).isTrue();
        kernel.dropNames();
        for (final long node : kernel.held()) {
            final long count = kernel.forget(node);
            if (count > 0) {
                cache.forget(node, count);
            }
        }
        drain();
        assertThat(cache.statistics().entries()).isLessThanOrEqualTo(entriesMax);
        assertThat(cache.statistics().bytes()).isBetween(0L, bytesMax);
        cache.invalidateAll(kernel);
        for (int depth = 0; depth < DIRECTORIES_MAX + 1; depth++) {
            for (final Thing thing : host.things) {
                for (final Name name : ModelHost.NAMES) {
                    if (thing.node != 0) {
                        cache.invalidateName(thing.node, name, true, kernel);
                    }
                }
            }
        }
        drain();
        giveBack();
        for (final Thing thing : host.things) {
            assertThat(thing.count).as("%s", thing).isEqualTo(thing == host.root ? 1 : 0);
        }
        assertThat(cache.statistics().entries()).isZero();
        assertThat(cache.statistics().bytes()).isZero();
        assertThat(host.things.size()).isLessThan(HELD_MAX + DIRECTORIES_MAX * HELD_MAX);
    }
}
