#version 330
// Ribbons of strands: light runs along hair, so highlights lie across it, a white one and a coloured one.
in vec3 P, N, T, K;
in vec2 UV;
out vec4 colour;
uniform sampler2D strand_map;
uniform vec3 hair_colour;
uniform float hair_grey, hair_curl;
#include "light.glsl"
#include "strands.glsl"

void main() {
    vec4 s = texture(strand_map, UV);
    if (cut_away(s, K)) discard;
    vec3 view = to_eye(P), n = normalize(N), t = normalize(T + n * (s.g - 0.5) * 0.30);
    if (dot(n, view) < 0.0) n = normalize(n - 1.6 * dot(n, view) * view);
    float own = s.g * 0.6 + K.z * 0.4;
    vec3 c = hair_colour * (0.55 + 0.75 * s.r) * (0.80 + 0.40 * K.z);
    c *= mix(vec3(1.0), vec3(1.12, 0.97, 0.86), (own - 0.5) * 1.4);
    c = mix(c, vec3(0.55), hair_grey * (1.0 - hair_grey) * 1.1 * step(0.62, fract(own * 7.3)));
    float depth = mix(0.30, 1.0, K.y * 0.65 + 0.35 * smoothstep(0.0, 3.0, K.x));
    depth *= mix(0.55, 1.0, smoothstep(-1.2, 0.8, K.x));
    float shadow = mix(0.25, 1.0, key_reaches_hard(P + n * 0.35));

    float along = dot(t, key_direction);
    float sine = sqrt(max(1.0 - along * along, 0.0));
    float facing = clamp((dot(n, key_direction) + 0.35) / 1.35, 0.0, 1.0);
    vec3 light = key_colour * mix(sine * facing, facing, 0.35) * shadow + fill_colour * clamp(dot(n, fill_direction) * 0.6 + 0.4, 0.0, 1.0) + around(n, 1.0);
    vec3 shaded = c * light * depth;

    vec3 h = normalize(key_direction + view);
    float first = dot(normalize(t + n * (0.10 + 0.12 * (s.r - 0.5))), h), second = dot(normalize(t - n * (0.14 + 0.16 * (s.g - 0.5))), h);
    float white = pow(sqrt(max(1.0 - first * first, 0.0)), 110.0), tinted = pow(sqrt(max(1.0 - second * second, 0.0)), 22.0);
    float lit = facing * shadow * depth * (1.0 - 0.45 * hair_curl);
    shaded += key_colour * lit * (white * (0.045 + 0.12 * c) * (0.4 + s.r) + tinted * (0.012 + 0.55 * c));
    float against = dot(t, rim_direction), edge = pow(1.0 - abs(dot(n, view)), 2.0);
    shaded += rim_colour * edge * clamp(dot(n, rim_direction) + 0.3, 0.0, 1.0) * (0.02 + 0.8 * c) * sqrt(max(1.0 - against * against, 0.0)) * depth;
    colour = vec4(to_screen(shaded), 1.0);
}
