namespace FaceBridge
{
    /// <summary>
    /// What a stream is wished to be, what the server has granted of that, and what it has refused. A change that was refused is
    /// not asked for again until its wish is another.
    /// </summary>
    internal sealed class Wishes
    {
        StreamSettings source;
        ServerOffer offer;
        StreamSettings wished;
        StreamSettings wishedThen;  // when it was last asked
        StreamSettings wishedBefore;  // when it was asked for what was granted last
        StreamSettings before;  // in force before that
        StreamSettings refused;  // a wish of which a part was refused: that in which it differs from `kept`
        StreamSettings kept;

        /// <summary>What to ask for: the wish, with the server's own where none is, and without what it refused.</summary>
        public StreamSettings Wanted { get; private set; }

        /// <summary>What the last OPEN or CONTROL asked for; null while no stream is.</summary>
        public StreamSettings Asked { get; private set; }

        /// <summary>What was granted last; it stays after the stream's end.</summary>
        public StreamSettings InForce { get; private set; }

        /// <summary>Why a change was refused, as long as the refusal stands; else "".</summary>
        public string Refusal { get; private set; }

        /// <summary>Whether something else is wanted now than was asked for last.</summary>
        public bool Changed
        {
            get { return Asked == null || Wanted.OtherLook(Asked) || Wanted.OtherStream(Asked); }
        }

        public Wishes()
        {
            Refusal = "";
        }

        /// <summary>Wish for these settings; the same ones once more cost nothing.</summary>
        public void Wish(StreamSettings settings, ServerOffer offer)
        {
            if (settings == source && offer == this.offer)
                return;
            source = settings;
            this.offer = offer;
            wished = settings.Resolved(offer);
            Choose();
        }

        /// <summary>It has been asked for what is wanted.</summary>
        public void Ask()
        {
            Asked = Wanted;
            wishedThen = wished;
        }

        /// <summary>What was asked for is in force.</summary>
        public void Grant()
        {
            before = InForce ?? Asked;
            InForce = Asked;
            wishedBefore = wishedThen;
        }

        /// <summary>What the last CONTROL asked for is refused, and all stays as it was.</summary>
        public void Refuse(string reason)
        {
            Asked = InForce;
            KeepOut(wishedThen, reason);
        }

        /// <summary>What was granted last could not be done, and what was in force before it is again.</summary>
        public void Withdraw(string reason)
        {
            Asked = Asked == InForce ? before : Asked;
            InForce = before;
            KeepOut(wishedBefore, reason);
        }

        /// <summary>The stream is no more.</summary>
        public void End()
        {
            Asked = null;
        }

        void KeepOut(StreamSettings wish, string reason)
        {
            refused = wish;
            kept = InForce;
            Refusal = reason;
            Choose();
        }

        void Choose()
        {
            if (refused != null && !wished.Insists(refused, kept))
            {
                refused = null;
                Refusal = "";
            }
            Wanted = refused == null ? wished : wished.Without(refused, kept);
        }
    }
}
