/**
 * What is done on the host for each request. {@link io.transfuse.host.operation.Operations} is the table; {@link
 * io.transfuse.host.operation.Exchange} is what one lane works with, and {@code SessionState} what the lanes of a mount
 * share. {@code Permissions} and {@code Caller} decide what callers may do, {@code OwnershipPolicy} whom objects belong to.
 * {@link io.transfuse.host.operation.GuestMemory}, {@code GuestWatches}, {@code OtherMemories} and {@code OwnChanges} see to
 * it that what guests remember stays true.
 */
package io.transfuse.host.operation;
