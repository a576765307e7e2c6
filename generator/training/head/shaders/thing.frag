#version 330
// Cloth with its weave, metal, or the glass of spectacles.
in vec3 P, N;
in vec2 UV;
out vec4 colour;
uniform vec3 thing_colour;
uniform float weave, metal, lens;
#include "noise.glsl"
#include "light.glsl"

void main() {
    vec3 view = to_eye(P), n = normalize(N);
    if (dot(n, view) < 0.0) n = -n;
    if (lens > 0.5) {
        float fresnel = 0.03 + 0.5 * pow(1.0 - max(dot(n, view), 0.0), 4.0);
        float glint = pow(max(dot(reflect(-view, n), normalize(key_direction + vec3(0.0, 0.15, 0.1))), 0.0), 24.0);
        vec3 c = sky_colour * fresnel + key_colour * glint * 0.35;
        float alpha = clamp(0.04 + fresnel * 0.5 + glint * 0.45, 0.0, 0.9);
        colour = vec4(to_screen(c / alpha), alpha);
        return;
    }
    float knit = sin(UV.x * 6.2832 * 1.1) * (0.7 + 0.3 * sin(UV.y * 9.0 + 3.0 * sin(UV.x * 3.4)));
    float fold = wave(P * 0.35) * 0.5 + wave(P * 0.9) * 0.25;
    vec3 bent = normalize(n + weave * (0.10 * knit * normalize(cross(n, vec3(0.1, 1.0, 0.2))) + 0.16 * fold * vec3(0.3, 0.8, 0.1)));
    float open = 0.72 + 0.12 * knit * min(weave, 1.0) + 0.2 * fold * min(weave, 1.0);
    float shadow = key_reaches(P + n * 0.12, n, 2.5);
    vec3 c = matt(thing_colour * (1.0 - 0.75 * metal) * (0.9 + 0.15 * noise(P * 8.0)), bent, shadow, open);
    vec3 tint = mix(vec3(0.04), thing_colour, step(0.6, metal));
    float shine = lobe(bent, view, key_direction, mix(8.0, 90.0, min(metal * 2.0, 1.0))) * shadow;
    c += key_colour * tint * shine * mix(0.25, 1.6, metal);
    vec3 mirrored = reflect(-view, n);
    c += metal * tint * mix(ground_colour, sky_colour * 1.6, smoothstep(-0.4, 0.7, mirrored.y + 0.4 * mirrored.x)) * 0.9;
    c += thing_colour * weave * 0.25 * sky_colour * pow(1.0 - max(dot(n, view), 0.0), 2.0) + rim(n, view, 1.0) * (0.15 + thing_colour);
    colour = vec4(to_screen(c), 1.0);
}
