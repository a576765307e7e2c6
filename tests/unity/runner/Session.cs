using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Reflection;
using System.Threading;
using FaceBridge.Transport;

namespace FaceBridge.Runner
{
    /// <summary>A client that does what each line says and answers with a line of JSON.</summary>
    sealed class Session
    {
        const long Patience = 20 * Clock.Second;

        readonly StreamSettings settings = new StreamSettings();
        readonly ReceivedPicture picture = new ReceivedPicture();
        readonly HashSet<string> seen = new HashSet<string>();
        FaceBridgeClient client;
        string verdict = "";

        public Session(string name)
        {
            client = new FaceBridgeClient(name);
        }

        public void Run(TextReader commands)
        {
            for (string line = commands.ReadLine(); line != null; line = commands.ReadLine())
            {
                Console.WriteLine(Answer(line.Split('\t')));
                Console.Out.Flush();
            }
            client.Dispose();
        }

        string Answer(string[] words)
        {
            try
            {
                Perform(words);
                return Json.Of(Report());
            }
            catch (Exception error)
            {
                return Json.Of(new Dictionary<string, object> { { "exception", error.GetType().Name }, { "text", error.Message } });
            }
        }

        void Perform(string[] words)
        {
            seen.Clear();
            switch (words[0])
            {
                case "apply": Apply(words); break;
                case "until": Pump(() => client.State.ToString() == words[1]); break;
                case "frames": Frames(int.Parse(words[1]), words.Length > 2 ? words[2] : ""); break;
                case "identity": Pump(() => client.Grant != null && client.Grant.Identity == words[1]); break;
                case "scale": Pump(() => client.Grant != null && client.Grant.ExpressionScale == double.Parse(words[1], CultureInfo.InvariantCulture)); break;
                case "offer": Pump(() => client.Offer != null); break;
                case "size": Pump(() => client.Grant != null && client.Grant.Size == int.Parse(words[1])); break;
                case "status": Pump(() => client.Status == words[1]); break;
                case "fault": Pump(() => client.Fault.Contains(words[1])); break;
                case "send": client.Send(words[1], Array.ConvertAll(words[2].Split(','), float.Parse)); break;
                case "update": client.Update(picture); break;
                case "disconnect": client.Disconnect(); break;
                case "dispose": client.Dispose(); break;
                case "renew": client = new FaceBridgeClient("runner"); break;
                case "test": Test(); break;
                case "cycle": Cycle(int.Parse(words[1]), words[2]); break;
                case "domains": Domains(int.Parse(words[1])); break;
                case "report": break;
                default: throw new ArgumentException("no command " + words[0]);
            }
        }

        void Apply(string[] words)
        {
            object keys = settings.Keys;  // boxed once, so that each setter below writes to the same keys
            for (int index = 1; index < words.Length; index++)
            {
                string[] pair = words[index].Split(new[] { '=' }, 2);
                FieldInfo field = typeof(StreamSettings).GetField(pair[0]);
                if (field != null)
                    field.SetValue(settings, Convert.ChangeType(pair[1], field.FieldType));
                else
                    typeof(CurveKeys).GetField(pair[0]).SetValue(keys, pair[1]);
            }
            settings.Keys = (CurveKeys)keys;
            client.Apply(settings);
        }

        void Pump(Func<bool> done)
        {
            long end = Clock.Now + Patience;
            while (!done())
            {
                if (Clock.Now > end)
                    throw new TimeoutException("still " + client.State + ": " + client.Status);
                client.Update(picture);
                seen.Add(client.State.ToString());
                Thread.Sleep(1);
            }
        }

        /// <summary>Send as an engine does until `count` pictures have come; without a timecode the jaw's value is it.</summary>
        void Frames(int count, string timecode)
        {
            float[] values = new float[Wire.Bases.CurvesOf(settings.Basis).Length];
            int came = 0;
            Pump(() =>
            {
                values[17] = values[17] < 1 ? values[17] + 0.01f : 0;
                client.Send(settings.Basis, values, timecode == "" ? values[17].ToString("r", CultureInfo.InvariantCulture) : timecode);
                came += client.Update(picture) ? 1 : 0;
                return came >= count;
            });
        }

        /// <summary>Make and dispose of clients; of those that should stream, each shows a picture first.</summary>
        void Cycle(int count, string state)
        {
            for (int round = 0; round < count; round++)
            {
                client.Dispose();
                client = new FaceBridgeClient("runner");
                client.Apply(settings);
                if (state == "Streaming")
                    Frames(1, "");
                else
                    client.Update(picture);
            }
        }

        /// <summary>As an engine's domain reload does it: code is unloaded while a client streams.</summary>
        void Domains(int count)
        {
            for (int round = 0; round < count; round++)
            {
                AppDomain domain = AppDomain.CreateDomain("play " + round);
                domain.SetData("address", settings.Address);
                domain.DoCallBack(Play);
                AppDomain.Unload(domain);
            }
        }

        static void Play()
        {
            var session = new Session("domain");
            session.Apply(new[] { "apply", "Address=" + AppDomain.CurrentDomain.GetData("address") });
            session.Frames(1, "");
        }

        void Test()
        {
            using (var test = new ConnectionTest(settings))
            {
                for (; !test.Done; Thread.Sleep(1))
                    test.Update();
                verdict = test.Verdict;
            }
        }

        Dictionary<string, object> Report()
        {
            return new Dictionary<string, object>
            {
                { "state", client.State.ToString() },
                { "colour", client.Colour.ToString() },
                { "status", client.Status },
                { "fault", client.Fault },
                { "seen", seen },
                { "identities", client.Offer == null ? null : client.Offer.Identities },
                { "identity", client.Grant == null ? null : client.Grant.Identity },
                { "size", client.Grant == null ? 0 : client.Grant.Size },
                { "scale", client.Grant == null ? 0 : client.Grant.ExpressionScale },
                { "notice", client.Grant == null ? "" : client.Grant.Notice },
                { "sequence", picture.Sequence },
                { "width", picture.Width },
                { "height", picture.Height },
                { "codec", picture.Codec },
                { "bottom_first", picture.BottomFirst },
                { "timecode", picture.Timecode },
                { "pixels", Convert.ToBase64String(picture.Pixels, 0, picture.PixelBytes) },
                { "total", picture.Latency.Total },
                { "parts", picture.Latency.Transport + picture.Latency.Wait + picture.Latency.Generate + picture.Latency.Encode },
                { "pictures", client.Figures.Pictures },
                { "sent", client.Figures.Sent },
                { "failed", client.Figures.Failed },
                { "verdict", verdict },
                { "live", LiveClients.Count },
            };
        }
    }
}
